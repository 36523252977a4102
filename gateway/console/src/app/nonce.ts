/** What the policy of this answer allows styles by. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')!.content;

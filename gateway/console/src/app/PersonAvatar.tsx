import Avatar from '@mui/material/Avatar';

/** A person's picture, or the initials where there is none (USR-01). */
export function PersonAvatar({ picture, initials, size = 32 }: { picture?: string; initials: string; size?: number }) {
  return (
    <Avatar aria-hidden src={picture} sx={{ width: size, height: size, fontSize: `${size / 2.4}px`, bgcolor: '#5f6368', color: '#fff' }}>
      {initials}
    </Avatar>
  );
}

/** Where the reader's own picture is; another one has another address. */
export const ownPicture = (of: { avatarId?: string | null } | undefined) => (of?.avatarId ? `/api/v1/me/avatar?of=${of.avatarId}` : undefined);

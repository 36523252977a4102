import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, Problem, type Schema } from '../../api/client';
import { reasonOf } from '../../app/errors';
import { initialsOf } from '../../app/format';
import { ownPicture, PersonAvatar } from '../../app/PersonAvatar';
import { PersonFacts } from '../../app/PersonFacts';
import { Section } from '../../app/Section';
import { SidePanel } from '../../app/SidePanel';
import { setLanguage } from '../../i18n/i18n';
import { EditUser } from '../users/UserForm';

type Profile = Schema['UserProfile'];

/** What the account says about its person, the picture included. */
export function Details({ of }: { of: Profile }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isEditing, setEditing] = useState(false);
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { lg: '1fr 1fr' }, alignItems: 'start', '& > *': { minWidth: 0 } }}>
      <Section title={t('users.details')}>
        <PersonFacts of={of} />
        <Button variant="contained" onClick={() => setEditing(true)}>
          {t('action.edit')}
        </Button>
      </Section>
      <Section title={t('me.picture')}>
        <Picture of={of} />
      </Section>
      {isEditing && (
        <SidePanel title={t('me.edit')} close={() => setEditing(false)}>
          <EditUser
            user={of}
            isOwn
            done={({ language }) => {
              setEditing(false);
              void queries.invalidateQueries({ queryKey: ['me'] });
              // Who is written to in a language reads it here too.
              if (language === 'en' || language === 'sv') void setLanguage(language);
            }}
          />
        </SidePanel>
      )}
    </Box>
  );
}

function Picture({ of }: { of: Profile }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const file = useRef<HTMLInputElement>(null);
  const change = useMutation({
    mutationFn: async (picture: File | null) =>
      picture
        ? api.PUT('/api/v1/me/avatar', { body: (await square(picture)) as never, bodySerializer: (content: unknown) => content as BodyInit, headers: { 'Content-Type': 'application/octet-stream' } })
        : api.DELETE('/api/v1/me/avatar'),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
  });
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center' }}>
      <PersonAvatar size={96} picture={ownPicture(of)} initials={initialsOf(of)} />
      <input
        type="file"
        hidden
        ref={file}
        accept="image/png,image/jpeg,image/webp"
        onChange={({ target }) => {
          if (target.files?.[0]) change.mutate(target.files[0]);
          target.value = '';
        }}
      />
      <Button loading={change.isPending} onClick={() => file.current?.click()}>
        {t('me.pictureChoose')}
      </Button>
      {of.avatarId && (
        <Button disabled={change.isPending} onClick={() => change.mutate(null)}>
          {t('me.pictureRemove')}
        </Button>
      )}
      {change.error && (
        <Alert severity="error" sx={{ width: '100%' }}>
          {Problem.from(change.error).errors.picture?.join(' ') ?? reasonOf(change.error, t)}
        </Alert>
      )}
    </Box>
  );
}

/** The middle of a picture, as small as it is shown; what is none is left to the API to refuse. */
async function square(picture: File): Promise<Blob> {
  const side = 256;
  try {
    const whole = await createImageBitmap(picture);
    const edge = Math.min(whole.width, whole.height);
    const canvas = new OffscreenCanvas(side, side);
    canvas.getContext('2d')!.drawImage(whole, (whole.width - edge) / 2, (whole.height - edge) / 2, edge, edge, 0, 0, side, side);
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  } catch {
    return picture;
  }
}

import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client';
import { Confirm } from '../../app/Confirm';
import { Form } from '../../app/Form';
import { changesOf, Citizenship, Names, yesNo } from '../../app/person';
import { SidePanel } from '../../app/SidePanel';

export type Invitation = Schema['InvitationView'];
export type Act = 'edit' | 'resend' | 'revoke';

/** What can be done with an invitation as it stands. */
export const actsOf = ({ status }: Invitation): readonly Act[] =>
  status === 'pending' || status === 'waiting' ? ['edit', 'resend', 'revoke'] : status === 'expired' ? ['edit', 'resend'] : [];

/** Does it, with a question or a form before. */
export function Acting({ what, on, close }: { what: Act; on: Invitation; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const params = { path: { id: on.id } };
  const done = async () => {
    await queries.invalidateQueries({ queryKey: ['invitations'] });
  };
  if (what === 'edit')
    return (
      <SidePanel title={t('invitations.edit')} close={close}>
        <Edit
          of={on}
          done={() => {
            close();
            void done();
          }}
        />
      </SidePanel>
    );
  return (
    <Confirm
      title={t(`invitations.${what}`)}
      submit={t(`invitations.${what}`)}
      close={close}
      run={async () => {
        await (what === 'resend' ? api.POST('/api/v1/invitations/{id}/resend', { params }) : api.POST('/api/v1/invitations/{id}/revoke', { params }));
        await done();
      }}
    >
      <Typography sx={{ overflowWrap: 'anywhere' }}>{t(`invitations.${what}How`, { email: on.email })}</Typography>
    </Confirm>
  );
}

/** Everything but the organization and the address (INV-07). */
function Edit({ of, done }: { of: Invitation; done: () => void }) {
  const { t } = useTranslation();
  const before = {
    firstName: of.firstName, lastName: of.lastName, swedishCitizen: yesNo(of.swedishCitizen), euCitizen: yesNo(of.euCitizen), personalNumber: of.personalNumber ?? '',
    lmaNumber: of.lmaNumber ?? '', phone: of.phone ?? '', gender: of.gender ?? '',
  };
  return (
    <Form
      values={before}
      submit={t('action.save')}
      send={async (typed) => {
        await api.PATCH('/api/v1/invitations/{id}', { params: { path: { id: of.id } }, body: (await changesOf(before, typed)) as never });
        done();
      }}
    >
      <Names />
      <Citizenship />
    </Form>
  );
}

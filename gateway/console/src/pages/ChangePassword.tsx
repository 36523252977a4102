import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { nextOf } from '../app/next';
import { OwnPassword } from '../app/OwnPassword';
import { Narrow } from '../app/Page';

/** For whoever came with a temporary password: nothing else opens before it is changed (USR-06). */
export function Page() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return (
    <Narrow title={t('password.change')}>
      <Typography sx={{ mb: 2 }}>{t('password.changeWhy')}</Typography>
      <OwnPassword
        autoFocus
        done={async () => {
          queries.clear();
          await navigate(nextOf(search), { replace: true });
        }}
      />
    </Narrow>
  );
}

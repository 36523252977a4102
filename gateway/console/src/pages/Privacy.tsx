import Typography from '@mui/material/Typography';
import { useTranslation } from 'react-i18next';
import { Narrow } from '../app/Page';
import { privacy } from '../i18n/privacy';

/** What is kept of people, for whoever is asked to accept it; the gateway leads elsewhere where the operator has a policy of their own. */
export function Page() {
  const { i18n } = useTranslation();
  const { title, parts } = privacy[i18n.language === 'sv' ? 'sv' : 'en'];
  return (
    <Narrow title={title} width={760}>
      {parts.map(({ heading, says }) => (
        <section key={heading}>
          <Typography variant="h2" sx={{ mt: 3, mb: 1 }}>
            {heading}
          </Typography>
          {says.map((text) => (
            <Typography key={text} sx={{ mb: 1 }}>
              {text}
            </Typography>
          ))}
        </section>
      ))}
    </Narrow>
  );
}

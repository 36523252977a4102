import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import CircularProgress from '@mui/material/CircularProgress';
import Typography from '@mui/material/Typography';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation } from 'react-router';
import { Problem } from '../api/client';
import { reasonOf } from '../app/errors';
import { Heading, Narrow } from '../app/Page';

/** While a page comes. */
export function Loading({ inShell }: { inShell?: boolean }) {
  const { t } = useTranslation();
  return (
    <Box component={inShell ? 'div' : 'main'} sx={{ display: 'grid', placeItems: 'center', minHeight: '60vh' }}>
      <CircularProgress aria-label={t('error.loading')} />
    </Box>
  );
}

/** An address that is none. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <>
      <Heading>{t('error.notFound')}</Heading>
      <Typography sx={{ mb: 2 }}>{t('error.notFoundWhy')}</Typography>
      <Button component={Link} to="/" variant="contained">
        {t('error.toStart')}
      </Button>
    </>
  );
}

/** A page that could not be shown: what is known of why, and the way on. */
function Broken({ error, inShell }: { error: unknown; inShell?: boolean }) {
  const { t } = useTranslation();
  const content = (
    <>
      <Typography sx={{ mb: 2 }}>{error instanceof Problem ? reasonOf(error, t) : t('error.brokenWhy')}</Typography>
      <Button variant="contained" onClick={() => location.reload()} sx={{ mr: 2 }}>
        {t('error.again')}
      </Button>
      <Button component="a" href="/">
        {t('error.toStart')}
      </Button>
    </>
  );
  return inShell ? (
    <>
      <Heading>{t('error.broken')}</Heading>
      {content}
    </>
  ) : (
    <Narrow title={t('error.broken')}>{content}</Narrow>
  );
}

/** The page of an address, or why it could not be shown, until the reader goes to another. */
export function Unbroken({ inShell }: { inShell?: boolean }) {
  return (
    <Catching at={useLocation().key} instead={(error) => <Broken error={error} inShell={inShell} />}>
      <Outlet />
    </Catching>
  );
}

interface CatchingProps {
  at: string;
  instead: (error: unknown) => ReactNode;
  children: ReactNode;
}

// React tells of errors to classes alone.
class Catching extends Component<CatchingProps, { at: string; caught?: { error: unknown } }> {
  override state = { at: this.props.at, caught: undefined as { error: unknown } | undefined };

  static getDerivedStateFromError = (error: unknown) => ({ caught: { error } });

  static getDerivedStateFromProps = ({ at }: CatchingProps, before: { at: string }) => (at === before.at ? null : { at, caught: undefined });

  override render = () => (this.state.caught ? this.props.instead(this.state.caught.error) : this.props.children);
}

import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider } from '@mui/material/styles';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { Problem } from './api/client';
import { theme } from './app/theme';
import { startLanguage } from './i18n/i18n';
import { nonce } from './app/nonce';
import { Loading } from './pages/Errors';
import { Routes } from './routes';

// Styles are allowed by the nonce of this answer alone.
const styles = createCache({ key: 'ih', nonce });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What was refused once is refused again; what could not be answered may be a moment later.
      retry: (count, error) => count < 2 && [0, 503].includes(Problem.from(error).status),
    },
  },
});

void startLanguage().then(() =>
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <CacheProvider value={styles}>
        <ThemeProvider theme={theme} defaultMode="system" noSsr>
          <CssBaseline enableColorScheme />
          <QueryClientProvider client={queries}>
            <Suspense fallback={<Loading />}>
              <BrowserRouter>
                <Routes />
              </BrowserRouter>
            </Suspense>
          </QueryClientProvider>
        </ThemeProvider>
      </CacheProvider>
    </StrictMode>,
  ),
);

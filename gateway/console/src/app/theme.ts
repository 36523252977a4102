import { createTheme } from '@mui/material/styles';

/** Light and dark by the reader's system, or by their choice; both with enough contrast (WCAG 2.2 AA). */
export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'class' },
  colorSchemes: {
    light: { palette: { primary: { main: '#1f4e8c' }, error: { main: '#b3261e' }, background: { default: '#f5f6f8' } } },
    dark: { palette: { primary: { main: '#9cc3ff' }, error: { main: '#ffb4ab' } } },
  },
  typography: { fontFamily: 'system-ui, sans-serif', h1: { fontSize: '1.6rem', fontWeight: 600 }, h2: { fontSize: '1.2rem', fontWeight: 600 } },
  shape: { borderRadius: 8 },
  components: {
    MuiCssBaseline: { styleOverrides: { '@media (prefers-reduced-motion: reduce)': { '*': { transition: 'none !important', animation: 'none !important' } } } },
    MuiButton: { styleOverrides: { root: { textTransform: 'none' } } },
    MuiTab: { styleOverrides: { root: { textTransform: 'none' } } },
    MuiButtonBase: { defaultProps: { disableRipple: true }, styleOverrides: { root: { '&:focus-visible': { outline: '2px solid', outlineOffset: 2 } } } },
  },
});

/** Colours that stand out from what is behind them, in light and in dark. */
export const colours = { first: 'var(--mui-palette-primary-main)', second: 'var(--mui-palette-warning-main)', third: 'var(--mui-palette-text-secondary)' };

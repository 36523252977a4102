/** Rows as comma-separated values (RFC 4180), each on a line of its own. */
export const writeCsv = (rows: readonly (readonly string[])[]) =>
  rows.map((row) => row.map((value) => `"${value.replace(/\s+/g, ' ').replace(/"/g, '""')}"`).join(',')).join('\r\n');

/** The rows of comma-separated values, or of those that spreadsheets separate by semicolons; empty ones are left out. */
export function readCsv(text: string): string[][] {
  const header = text.slice(0, text.search(/[\r\n]|$/));
  const separator = header.split(';').length > header.split(',').length ? ';' : ',';
  const rows: string[][] = [[]];
  let [value, isQuoted] = ['', false];
  for (let n = 0; n < text.length; n++) {
    const letter = text[n]!;
    if (isQuoted) {
      if (letter !== '"') value += letter;
      else if (text[n + 1] === '"') value += text[n++];
      else isQuoted = false;
    } else if (letter === '"' && value === '') isQuoted = true;
    else if (letter === separator || letter === '\n') {
      rows.at(-1)!.push(value.trim());
      value = '';
      if (letter === '\n') rows.push([]);
    } else if (letter !== '\r') value += letter;
  }
  rows.at(-1)!.push(value.trim());
  return rows.filter((row) => row.some((one) => one !== ''));
}

import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { DataGrid, GridCellModes, type GridCellModesModel, type GridColDef } from '@mui/x-data-grid';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { readCsv, writeCsv } from '../../app/csv';
import { reasonOf } from '../../app/errors';
import { Form, Tick } from '../../app/Form';
import { formatNumber } from '../../app/format';
import { CloseIcon } from '../../app/icons';
import { nonce } from '../../app/nonce';
import { Heading } from '../../app/Page';
import { fieldReason } from '../../app/reasons';
import { settableRoles } from '../../app/roles';
import { UsersParts } from './parts';

const names = ['email', 'firstName', 'lastName', 'username', 'language', 'systemRole', 'phone', 'gender', 'swedishCitizen', 'euCitizen', 'personalNumber', 'lmaNumber'] as const;

type Row = Record<(typeof names)[number], string> & { id: number };
type Preview = Schema['ImportUsersPreview'];

/** So many are corrected on the screen; longer files in the program that they come from. */
const mostOnScreen = 500;

/** Registers many users: typed in rows or taken from a file, looked at before anything is done (INV-17, INV-19). */
export function Page() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [long, setLong] = useState<File>();
  const [wrongFile, setWrongFile] = useState<string>();
  const [preview, setPreview] = useState<Preview>();
  const file = useRef<HTMLInputElement>(null);
  const next = useRef(1);
  const look = () =>
    api.POST('/api/v1/users/import', {
      params: { query: { preview: true } },
      headers: { 'Content-Type': 'text/csv' },
      body: (long ?? writeCsv([names, ...rows.map((row) => names.map((name) => row[name]))])) as never,
      bodySerializer: (content: unknown) => content as BodyInit,
    });
  const check = useMutation({ mutationFn: async () => setPreview((await body(look())) as Preview) });
  const change = (now: readonly Row[]) => {
    setRows(now);
    setLong(undefined);
    setPreview(undefined);
    setWrongFile(undefined);
    check.reset();
  };
  const empty = (): Row => ({ ...(Object.fromEntries(names.map((name) => [name, ''])) as Omit<Row, 'id'>), id: next.current++ });

  const take = async (chosen: File) => {
    const [header = [], ...values] = readCsv(await chosen.text());
    const unknown = header.filter((name) => !names.some((one) => one === name));
    const missing = names.slice(0, 3).filter((name) => !header.includes(name));
    change([]);
    if (missing.length > 0 || unknown.length > 0) setWrongFile(t(missing.length > 0 ? 'register.missing' : 'register.unknown', { columns: (missing.length > 0 ? missing : unknown).join(', ') }));
    else if (values.length > mostOnScreen) setLong(chosen);
    else change(values.map((row) => ({ ...empty(), ...Object.fromEntries(header.map((name, n) => [name, row[n] ?? ''])) })));
  };

  const isReady = long !== undefined || rows.length > 0;
  return (
    <>
      <Heading>{t('shell.users')}</Heading>
      <UsersParts at="register" />
      <Typography sx={{ mb: 2 }}>{t('register.how')}</Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 2 }}>
        <input
          type="file"
          hidden
          ref={file}
          accept=".csv,text/csv"
          onChange={({ target }) => {
            if (target.files?.[0]) void take(target.files[0]);
            target.value = '';
          }}
        />
        <Button variant="outlined" onClick={() => file.current?.click()}>
          {t('register.file')}
        </Button>
        <Button href="/api/v1/users/import/template.csv" download="users.csv">
          {t('batches.template')}
        </Button>
      </Box>
      {wrongFile && <Alert severity="error" sx={{ mb: 2 }}>{wrongFile}</Alert>}
      {long ? <Alert severity="info" sx={{ mb: 2 }}>{t('register.long', { name: long.name, most: formatNumber(mostOnScreen) })}</Alert> : <Rows rows={rows} empty={empty} errors={preview?.errors ?? []} change={change} />}
      {check.error && <Alert severity="error" sx={{ mb: 2 }}>{reasonOf(check.error, t)}</Alert>}
      {preview && Number(preview.failed) > 0 && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {t('register.wrong', { count: Number(preview.failed), number: formatNumber(preview.failed), total: formatNumber(preview.total) })}
          <Box component="ul" sx={{ m: 0, pl: 2, maxHeight: 240, overflow: 'auto' }} tabIndex={0} aria-label={t('register.errors')}>
            {preview.errors.map((error, n) => (
              <li key={n}>
                {t('register.at', { line: error.line, column: error.column ? t(`field.${error.column}`, { defaultValue: error.column }) : '' })} {fieldReason(error.reason)}
              </li>
            ))}
          </Box>
        </Alert>
      )}
      {preview && Number(preview.valid) > 0 ? (
        <Form
          values={{ sendInvitation: true }}
          submit={t('register.do', { count: Number(preview.valid), number: formatNumber(preview.valid) })}
          send={async ({ sendInvitation }) => {
            // Those rows that were shown; once, however often it is asked for (INV-21, INV-24).
            const { id } = await body(api.POST('/api/v1/users/imports/{id}/commit', { params: { path: { id: preview.id! }, query: { sendInvitation } } }));
            await navigate(`/users/imports/${id}`);
          }}
        >
          {Number(preview.failed) === 0 && <Alert severity="success">{t('register.right')}</Alert>}
          <Tick name="sendInvitation" label={t('register.sendInvitation')} />
        </Form>
      ) : (
        !preview && (
          <Button variant="contained" disabled={!isReady} loading={check.isPending} onClick={() => check.mutate()}>
            {t('register.check')}
          </Button>
        )
      )}
    </>
  );
}

/** The rows to change, what is wrong in the cell that it is about. */
function Rows({ rows, empty, errors, change }: { rows: readonly Row[]; empty: () => Row; errors: Schema['ImportError'][]; change: (rows: readonly Row[]) => void }) {
  const { t } = useTranslation();
  const [modes, setModes] = useState<GridCellModesModel>({});
  const choices: Partial<Record<string, { value: string; label: string }[]>> = {
    language: [{ value: '', label: '' }, { value: 'en', label: 'English' }, { value: 'sv', label: 'Svenska' }],
    systemRole: [{ value: '', label: '' }, ...settableRoles(t).map(([value, label]) => ({ value, label }))],
  };
  // Below the line with the names of the columns.
  const lineOf = (row: Row) => rows.findIndex((one) => one.id === row.id) + 2;
  const wrong = (row: Row, column: string) => errors.filter((error) => Number(error.line) === lineOf(row) && error.column === column).map((error) => fieldReason(error.reason)).join(' ');
  const columns: GridColDef<Row>[] = [
    ...names.map(
      (name): GridColDef<Row> => ({
        field: name, headerName: t(`field.${name}`), editable: true, sortable: false, minWidth: name === 'email' ? 220 : 130,
        ...(choices[name] && { type: 'singleSelect', valueOptions: choices[name] }),
        renderCell: ({ row, formattedValue }) => (
          <Box>
            {formattedValue}
            {wrong(row, name) && (
              <Typography variant="caption" color="error" component="div">
                {wrong(row, name)}
              </Typography>
            )}
          </Box>
        ),
      }),
    ),
    {
      field: 'actions', headerName: t('list.actions'), width: 80, sortable: false,
      renderCell: ({ row }) => (
        <IconButton aria-label={t('register.remove', { line: lineOf(row) })} onClick={() => change(rows.filter((one) => one.id !== row.id))}>
          <CloseIcon />
        </IconButton>
      ),
    },
  ];
  return (
    <Paper sx={{ mb: 2 }}>
      <DataGrid<Row>
        aria-label={t('register.rows')}
        nonce={nonce}
        rows={rows}
        columns={columns}
        hideFooter
        disableColumnMenu
        disableRowSelectionOnClick
        getRowHeight={() => 'auto'}
        cellModesModel={modes}
        onCellModesModelChange={setModes}
        processRowUpdate={(now) => {
          change(rows.map((row) => (row.id === now.id ? now : row)));
          return now;
        }}
        localeText={{ noRowsLabel: t('register.none') }}
        sx={{ border: 0, '& .MuiDataGrid-cell': { py: 1, display: 'flex', alignItems: 'center', overflowWrap: 'anywhere', whiteSpace: 'normal', lineHeight: 1.4, minHeight: 52 }, '--DataGrid-overlayHeight': '120px' }}
      />
      <Button
        sx={{ m: 1 }}
        disabled={rows.length >= mostOnScreen}
        onClick={() => {
          const row = empty();
          change([...rows, row]);
          setModes({ [row.id]: { email: { mode: GridCellModes.Edit } } });
        }}
      >
        {t('register.addRow')}
      </Button>
    </Paper>
  );
}

import MuiLink from '@mui/material/Link';
import type { GridColDef } from '@mui/x-data-grid';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, type Schema } from '../../api/client';
import { DataList } from '../../app/DataList';
import { useListState } from '../../app/list';
import { Heading } from '../../app/Page';
import { currentLanguage } from '../../i18n/i18n';

type Row = Schema['ListMessagesView'] & { id: string };

const subjectOf = (row: Row, language: string) => row.languages.find((one) => one.language === language)?.subject;

/** Every message that goes out, by its subjects (NOT-02). */
export function Page() {
  const { t } = useTranslation();
  const state = useListState([], '');
  const messages = useQuery({
    queryKey: ['messages', state.query],
    queryFn: async () => {
      const page = await body(api.GET('/api/v1/messages', { params: { query: { ...state.query, sort: undefined } as never } }));
      return { ...page, items: page.items.map((one) => ({ ...one, id: one.kind })) };
    },
    placeholderData: keepPreviousData,
  });
  const columns: GridColDef<Row>[] = [
    {
      field: 'kind', headerName: t('messages.kind'), flex: 1, minWidth: 150, sortable: false,
      renderCell: ({ row }) => (
        <MuiLink component={Link} to={`/messages/${row.kind}`}>
          {t(`messages.kinds.${row.kind}`, { defaultValue: row.kind })}
        </MuiLink>
      ),
    },
    { field: 'en', headerName: t('messages.subjectEn'), flex: 1.5, minWidth: 140, sortable: false, renderCell: ({ row }) => <span lang="en">{subjectOf(row, 'en')}</span> },
    { field: 'sv', headerName: t('messages.subjectSv'), flex: 1.5, minWidth: 140, sortable: false, renderCell: ({ row }) => <span lang="sv">{subjectOf(row, 'sv')}</span> },
  ];
  return (
    <>
      <Heading>{t('messages.title')}</Heading>
      <DataList name={t('messages.title')} state={state} columns={columns} narrow={['kind', currentLanguage()]} rows={messages} isSearched={false} />
    </>
  );
}

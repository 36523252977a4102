import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Confirm } from './Confirm';
import { Form } from './Form';
import { PartHeading } from './PartHeading';
import { needed } from './people';
import { SidePanel } from './SidePanel';

interface RosterProps<P, V extends { userId: string }> {
  title: string;
  about: string;
  add: string;
  mayChange: boolean;
  /** What is asked for again when somebody came or went. */
  among: readonly unknown[];
  list: (list: { name: string; add: string | false; actions: (one: P) => readonly (readonly [label: string, act: () => void])[] }) => ReactNode;
  /** Who comes: the form's values and fields, and refusals by the field that they are about. */
  coming: { values: V; fields: ReactNode; about: Record<string, string>; send: (typed: V) => Promise<unknown> };
  /** Who goes, once that is confirmed. */
  going: { label: string; how: (one: P) => string; send: (one: P) => Promise<unknown> };
}

/** People who have something in common, with a form for who comes and a question before somebody goes. */
export function Roster<P extends object, V extends { userId: string }>({ title, about, add, mayChange, among, list, coming, going }: RosterProps<P, V>) {
  const queries = useQueryClient();
  const [act, setAct] = useState<P | 'add'>();
  const close = () => setAct(undefined);
  const changed = async () => {
    await queries.invalidateQueries({ queryKey: among });
    close();
  };
  return (
    <>
      <PartHeading about={about} beside={mayChange && <Button variant="contained" onClick={() => setAct('add')}>{add}</Button>}>
        {title}
      </PartHeading>
      {list({ name: title, add: mayChange && add, actions: (one) => (mayChange ? [[going.label, () => setAct(one)]] : []) })}
      {act === 'add' && (
        <SidePanel title={add} close={close}>
          <Form
            schema={needed}
            values={coming.values}
            submit={add}
            about={coming.about}
            send={async (typed) => {
              await coming.send(typed);
              await changed();
            }}
          >
            {coming.fields}
          </Form>
        </SidePanel>
      )}
      {act !== undefined && act !== 'add' && (
        <Confirm
          title={going.label}
          submit={going.label}
          close={close}
          run={async () => {
            await going.send(act);
            await changed();
          }}
        >
          <Typography>{going.how(act)}</Typography>
        </Confirm>
      )}
    </>
  );
}

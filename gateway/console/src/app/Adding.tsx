import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { Heading } from './Page';
import { useMe } from './session';
import { SidePanel } from './SidePanel';

interface AddingProps {
  title: string;
  add: string;
  /** The first segment of what is listed: in addresses, and of what was asked for. */
  of: string;
  list: (add: string | false) => ReactNode;
  form: (done: (id: string) => void) => ReactNode;
}

/** A list that a System admin adds to beside it, and goes on with what was added. */
export function Adding({ title, add, of, list, form }: AddingProps) {
  const isAdmin = useMe().data!.systemRole === 'systemAdmin';
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <Heading beside={isAdmin && <Button variant="contained" onClick={() => setAdding(true)}>{add}</Button>}>{title}</Heading>
      {list(isAdmin && add)}
      {isAdding && (
        <SidePanel title={add} close={() => setAdding(false)}>
          {form((id) => {
            void queries.invalidateQueries({ queryKey: [of] });
            void navigate(`/${of}/${id}`);
          })}
        </SidePanel>
      )}
    </>
  );
}

import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { useMutation } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from './errors';

interface ConfirmProps<T> {
  title: string;
  children: ReactNode;
  submit: string;
  run: () => Promise<T>;
  /** What came of it; without, the question closes. */
  result?: (answer: T) => ReactNode;
  close: () => void;
}

/** Asks before something is done, says why when it is refused, and shows what came of it. */
export function Confirm<T>({ title, children, submit, run, result, close }: ConfirmProps<T>) {
  const { t } = useTranslation();
  const id = useId();
  const action = useMutation({ mutationFn: run, onSuccess: () => result || close() });
  const isDone = action.isSuccess && result !== undefined;
  return (
    <Dialog open onClose={close} aria-labelledby={id}>
      <DialogTitle id={id}>{title}</DialogTitle>
      <DialogContent>
        {isDone ? result(action.data) : children}
        {action.error && (
          <Alert severity="error" sx={{ mt: 2 }}>
            {reasonOf(action.error, t)}
          </Alert>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={close}>{t(isDone ? 'action.close' : 'action.cancel')}</Button>
        {!isDone && (
          <Button variant="contained" loading={action.isPending} onClick={() => action.mutate()}>
            {submit}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

import * as React from 'react';

import { useAnswer } from '../components/parts';
import { moment } from '../model/format';
import { ICairn } from '../tokens';

/** What people wrote of something, and room to write more. */
export function Notes(props: { cairn: ICairn; path: string; subject: string }): JSX.Element {
  const { cairn, path, subject } = props;
  const { client, trans } = cairn;
  const [count, setCount] = React.useState(0);
  const [text, setText] = React.useState('');
  const [failure, setFailure] = React.useState('');
  const notes = useAnswer(signal => client.notes(path, subject, signal), [path, subject, count]);
  const add = () => {
    client.addNote({ path, subject, text }).then(
      () => {
        setText('');
        setFailure('');
        setCount(count + 1);
      },
      (error: Error) => setFailure(error.message)
    );
  };
  return (
    <section aria-label={trans.__('Notes')}>
      <h2>{trans.__('Notes')}</h2>
      <ul className="nbc-List">
        {notes.value?.items.map(note => (
          <li key={note.id} className="nbc-Note">
            <div className="nbc-Note-head">
              {note.author} · {moment(note.made)}
            </div>
            {note.text}
          </li>
        ))}
      </ul>
      <textarea
        className="nbc-Note-new"
        rows={2}
        value={text}
        placeholder={trans.__('What should be remembered of it?')}
        aria-label={trans.__('A new note')}
        onChange={event => setText(event.target.value)}
      />
      {failure && <div role="alert">{failure}</div>}
      <button className="jp-mod-styled" disabled={text.trim() === ''} onClick={add}>
        {trans.__('Add note')}
      </button>
    </section>
  );
}

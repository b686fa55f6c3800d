import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { asDate, isDate, recentDays, When } from '../model/days';

export type Option = readonly [value: string, label: string];

/** One of several, or none of them; `none` says by itself what there is to choose. */
export function Choice(props: {
  label: string;
  value: string | null;
  none: string;
  options: readonly Option[];
  onChoose: (value: string | null) => void;
}): JSX.Element {
  return (
    <select
      className="nbc-Choice"
      aria-label={props.label}
      title={props.label}
      data-set={props.value === null ? undefined : true}
      value={props.value ?? ''}
      disabled={props.options.length === 0}
      onChange={event => props.onChoose(event.target.value || null)}
    >
      <option value="">{props.none}</option>
      {props.options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** Stands for a date that is still to be given. */
const OTHER = 'other';

/** Ever, a day of the last week by its name, the last seven days, or any day by its date. */
export function WhenChoice(props: {
  trans: TranslationBundle;
  when: When;
  onChoose: (when: When) => void;
}): JSX.Element {
  const { trans, when, onChoose } = props;
  const recent = recentDays();
  const [isAsked, setAsked] = React.useState(false);
  const asks = isAsked || (isDate(when) && !recent.some(([date]) => date === when));
  React.useEffect(() => (when === null ? setAsked(false) : undefined), [when]);
  const choose = (value: string | null) => {
    setAsked(value === OTHER);
    if (value !== OTHER) {
      onChoose(value);
    }
  };
  return (
    <>
      <Choice
        label={trans.__('When')}
        value={asks ? OTHER : when}
        none={trans.__('Any time')}
        options={[
          ['today', trans.__('Today')],
          ['yesterday', trans.__('Yesterday')],
          ...recent,
          ['week', trans.__('The last 7 days')],
          [OTHER, trans.__('Another day…')]
        ]}
        onChoose={choose}
      />
      {asks && (
        <input
          className="nbc-Choice"
          type="date"
          aria-label={trans.__('Day')}
          defaultValue={isDate(when) ? when : ''}
          max={asDate(new Date())}
          onChange={event => event.target.value && onChoose(event.target.value)}
        />
      )}
    </>
  );
}

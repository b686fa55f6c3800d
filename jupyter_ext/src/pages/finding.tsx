import * as React from 'react';

import { Failure, Loading, useAnswer } from '../components/parts';
import { Prose } from '../components/source';
import type { IPageProps } from './page';

/** What the findings with one code mean. */
export function FindingView(props: IPageProps & { code: string }): JSX.Element {
  const { cairn, tools, code } = props;
  const [tries, setTries] = React.useState(0);
  const page = useAnswer(signal => cairn.client.finding(code, signal), [code, tries]);
  React.useEffect(() => props.onTitle(code), [code]);
  if (page.error) {
    return <Failure trans={cairn.trans} error={page.error} onRetry={() => setTries(tries + 1)} />;
  }
  if (!page.value) {
    return <Loading trans={cairn.trans} rows={6} />;
  }
  return (
    <article className="nbc-Page-content">
      <h1>
        {page.value.title} <small>{page.value.code}</small>
      </h1>
      <Prose tools={tools} text={page.value.text} />
    </article>
  );
}

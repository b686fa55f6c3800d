import * as React from 'react';

import { IArtifact } from '../_api';
import { columnsOf } from '../model/detail';
import { kindIcons } from './icons';
import { Spread } from './table';
import { ICairn } from '../tokens';

/** What may be shown as an image: pictures that cannot carry script. */
const SAFE = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** True when the artifact has a picture that may be shown. */
export function hasPicture(artifact: IArtifact): boolean {
  return artifact.blob !== null && isPicture(artifact.media_type ?? '');
}

/** True for a type of image that may be shown. */
export function isPicture(mediaType: string): boolean {
  return SAFE.has(mediaType);
}

/** A recorded picture, fetched with the server's token; the name stands in until it is there, and where it is lost. */
export function Picture(props: {
  cairn: ICairn;
  artifact: Pick<IArtifact, 'blob' | 'name'>;
  className: string;
  /** A notebook of the trail, where it is not the one in front. */
  path?: string;
}): JSX.Element {
  const { cairn, artifact, className } = props;
  const [url, setUrl] = React.useState<string | null>(null);
  const [lost, setLost] = React.useState(false);
  React.useEffect(() => {
    let made: string | null = null;
    const abort = new AbortController();
    setLost(false);
    cairn.client.picture(props.path ?? cairn.model.path, artifact.blob ?? '', abort.signal).then(
      found => {
        if (abort.signal.aborted) {
          URL.revokeObjectURL(found);
        } else {
          made = found;
          setUrl(found);
        }
      },
      () => !abort.signal.aborted && setLost(true)
    );
    return () => {
      abort.abort();
      if (made) {
        URL.revokeObjectURL(made);
      }
    };
  }, [artifact.blob]);
  if (url) {
    return <img className={className} src={url} alt={artifact.name} />;
  }
  return (
    <span className={className} data-lost={lost || undefined}>
      {lost && cairn.trans.__('The picture is no longer in the trail.')}
    </span>
  );
}

/** A small picture: the plot itself, how a column is spread, a score; else the sign of the artifact's kind. */
export function Thumbnail({ cairn, artifact }: { cairn: ICairn; artifact: IArtifact }): JSX.Element {
  if (hasPicture(artifact)) {
    return <Picture cairn={cairn} artifact={artifact} className="nbc-Thumbnail" />;
  }
  const spread = columnsOf(artifact).filter(column => column.histogram)[0];
  const Icon = kindIcons[artifact.kind].react;
  return (
    <span className="nbc-Thumbnail" data-kind={artifact.kind} aria-hidden="true">
      {spread ? <Spread column={spread} size={{ width: 52, height: 26 }} /> : <Icon tag={null} />}
    </span>
  );
}

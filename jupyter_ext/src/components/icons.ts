import { LabIcon } from '@jupyterlab/ui-components';

import { IArtifact } from '../_api';
import { Verdict } from '../model/verdicts';
import data from '../../style/icons/data.svg';
import figure from '../../style/icons/figure.svg';
import file from '../../style/icons/file.svg';
import fresh from '../../style/icons/fresh.svg';
import metric from '../../style/icons/metric.svg';
import model from '../../style/icons/model.svg';
import neverRun from '../../style/icons/never-run.svg';
import stale from '../../style/icons/stale.svg';
import unknown from '../../style/icons/unknown.svg';

/** One shape a verdict, so that colour is never the only sign. */
export const verdictIcons: Record<Verdict, LabIcon> = {
  fresh: new LabIcon({ name: 'nbcairn:fresh', svgstr: fresh }),
  stale: new LabIcon({ name: 'nbcairn:stale', svgstr: stale }),
  unknown: new LabIcon({ name: 'nbcairn:unknown', svgstr: unknown }),
  'never-run': new LabIcon({ name: 'nbcairn:never-run', svgstr: neverRun })
};

/** One picture a kind of artifact. */
export const kindIcons: Record<IArtifact['kind'], LabIcon> = {
  data: new LabIcon({ name: 'nbcairn:data', svgstr: data }),
  figure: new LabIcon({ name: 'nbcairn:figure', svgstr: figure }),
  model: new LabIcon({ name: 'nbcairn:model', svgstr: model }),
  metric: new LabIcon({ name: 'nbcairn:metric', svgstr: metric }),
  file: new LabIcon({ name: 'nbcairn:file', svgstr: file })
};

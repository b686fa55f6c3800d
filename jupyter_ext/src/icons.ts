import { LabIcon } from '@jupyterlab/ui-components';

import stones from '../style/cairn.svg';

/** A small stack of stones: what marks a path for those who come later. */
export const cairnIcon = new LabIcon({ name: 'nbcairn:cairn', svgstr: stones });

export { ArtifactsView } from './artifacts';
export { HistoryView } from './history';
export { LineageView } from './lineage';
export { StateView } from './state';

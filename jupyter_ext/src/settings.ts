import { ISettingRegistry } from '@jupyterlab/settingregistry';

/** The settings as the code uses them; `schema/plugin.json` describes them. */
export interface ICairnSettings {
  readonly showMarks: boolean;
  readonly showPlotLinks: boolean;
  readonly showStatus: boolean;
  readonly checkDelay: number;
  readonly startRecording: boolean;
}

/** What holds until the settings are read, and where there are none. */
export const DEFAULTS: ICairnSettings = {
  showMarks: true,
  showPlotLinks: true,
  showStatus: true,
  checkDelay: 200,
  startRecording: false
};

/** Hand over the settings now and whenever they change. */
export async function readSettings(
  registry: ISettingRegistry,
  id: string,
  use: (settings: ICairnSettings) => void
): Promise<void> {
  const settings = await registry.load(id);
  const hand = () => use({ ...DEFAULTS, ...(settings.composite as Partial<ICairnSettings>) });
  settings.changed.connect(hand);
  hand();
}

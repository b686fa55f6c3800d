import { ISettingRegistry } from '@jupyterlab/settingregistry';

/** The settings as the code uses them; `schema/plugin.json` describes them. */
export interface ICairnSettings {
  readonly showMarks: boolean;
  readonly checkDelay: number;
  readonly startRecording: boolean;
}

/** Hand over the settings now and whenever they change. */
export async function readSettings(
  registry: ISettingRegistry,
  id: string,
  use: (settings: ICairnSettings) => void
): Promise<void> {
  const settings = await registry.load(id);
  const hand = () =>
    use({
      showMarks: settings.get('showMarks').composite !== false,
      checkDelay: Number(settings.get('checkDelay').composite ?? 300),
      startRecording: settings.get('startRecording').composite === true
    });
  settings.changed.connect(hand);
  hand();
}

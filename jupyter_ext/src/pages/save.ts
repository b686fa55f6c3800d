import { Allowed, IDownload, TrailError } from '../api/client';
import { ICairn } from '../tokens';
import { PageTools } from './tools';

/**
 * Save an artifact's code or a notebook's record as a file; the notebook itself is saved first, so that it counts as it stands.
 * What the server holds back is told, and saved when the person says so.
 */
export async function saveAs(
  cairn: ICairn,
  tools: Pick<PageTools, 'confirm'>,
  path: string,
  format: string,
  artifact?: string
): Promise<void> {
  try {
    const source = cairn.source();
    if (source?.path === path) {
      await source.save();
    }
    const download = await asAllowed(cairn, tools, allow => cairn.client.download(path, format, artifact, allow));
    if (download) {
      cairn.save(download.name, download.content);
    }
  } catch (error) {
    const remedy = error instanceof TrailError ? ` ${error.remedy}` : '';
    cairn.tell(`${error instanceof Error ? error.message : String(error)}${remedy}`, 'error');
  }
}

/** Ask again with what the person allows; null when they think better of it. */
async function asAllowed(
  cairn: ICairn,
  tools: Pick<PageTools, 'confirm'>,
  download: (allow: readonly Allowed[]) => Promise<IDownload>
): Promise<IDownload | null> {
  const allow: Allowed[] = [];
  for (;;) {
    try {
      return await download(allow);
    } catch (error) {
      const held = heldBack(error);
      if (!held || allow.includes(held)) {
        throw error;
      }
      if (!(await confirmed(cairn, tools, held, (error as TrailError).message))) {
        return null;
      }
      allow.push(held);
    }
  }
}

function heldBack(error: unknown): Allowed | null {
  const kinds: Record<string, Allowed> = { SecretFound: 'secrets', PersonalPathFound: 'paths' };
  return error instanceof TrailError ? (kinds[error.kind] ?? null) : null;
}

function confirmed(cairn: ICairn, tools: Pick<PageTools, 'confirm'>, held: Allowed, where: string): Promise<boolean> {
  const { trans } = cairn;
  return held === 'paths'
    ? tools.confirm(
        trans.__('A Personal Folder Is Named'),
        trans.__('%1 Whoever gets the file can read it, and code that names it runs on this machine alone.', where),
        trans.__('Save Anyway')
      )
    : tools.confirm(
        trans.__('This Looks like a Secret'),
        trans.__('%1 Save it only if you know that it is none.', where),
        trans.__('Save Anyway')
      );
}

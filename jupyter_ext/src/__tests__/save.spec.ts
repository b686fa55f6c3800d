import { TrailError } from '../api/client';
import { saveAs } from '../pages/save';
import { FakeCairn, FakeSource } from './builders';

const PATH = new TrailError(422, 'line 2: /home/ada', 'Say --allow-paths.', 'PersonalPathFound');
const SECRET = new TrailError(422, 'line 1: Token', 'Say --allow-secrets.', 'SecretFound');
const OTHER = new TrailError(422, 'It cannot be a pipeline.', 'Edit it.', 'ExportError');

/** A server that answers so, one answer after another, and a person who says yes or no. */
function saving(answers: (TrailError | string)[], ...says: boolean[]) {
  const asked: unknown[] = [];
  const bodies: string[] = [];
  const download = (_path: string, _format: string, _artifact: string, allow: readonly string[]) => {
    asked.push([...allow]);
    const answer = answers.shift();
    if (answer instanceof Error) {
      throw answer;
    }
    return { name: answer, content: new Blob() };
  };
  const fake = new FakeCairn({ download });
  const tools = {
    confirm: async (_title: string, body: string) => {
      bodies.push(body);
      return says.shift() ?? false;
    }
  };
  return { fake, tools, asked, bodies };
}

test('what is held back is told, and saved when the person says so', async () => {
  const { fake, tools, asked, bodies } = saving([SECRET, PATH, 'x.py'], true, true);
  await saveAs(fake.cairn, tools, 'a.ipynb', 'script', 'a1');
  expect(asked).toEqual([[], ['secrets'], ['secrets', 'paths']]);
  expect(fake.saved).toEqual(['x.py']);
  expect(bodies[0]).toContain('line 1: Token');
  expect(bodies[1]).toContain('line 2: /home/ada');
});

test('who thinks better of it has no file, and no error', async () => {
  const { fake, tools, asked } = saving([PATH, 'x.py'], false);
  await saveAs(fake.cairn, tools, 'a.ipynb', 'script', 'a1');
  expect([asked.length, fake.saved, fake.told]).toEqual([1, [], []]);
});

test.each([
  ['another reason', [OTHER]],
  ['what was allowed and is held back all the same', [PATH, PATH]]
])('%s is told as it is', async (_, answers) => {
  const last = answers[answers.length - 1];
  const { fake, tools } = saving(answers, true, true, true);
  await saveAs(fake.cairn, tools, 'a.ipynb', 'pipeline', 'a1');
  expect(fake.saved).toEqual([]);
  expect(fake.told.join()).toContain(`${last.message} ${last.remedy}`);
});

test('the notebook in front is saved first, and no other', async () => {
  const { fake, tools } = saving(['x.py', 'y.py']);
  const source = new FakeSource('a.ipynb');
  fake.cairn.model.follow(source);
  await saveAs(fake.cairn, tools, 'a.ipynb', 'script', 'a1');
  expect([source.saves, fake.saved]).toEqual([1, ['x.py']]);
  await saveAs(fake.cairn, tools, 'b.ipynb', 'script', 'a1');
  expect([source.saves, fake.saved]).toEqual([1, ['x.py', 'y.py']]);
});

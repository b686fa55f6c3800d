import { ServerConnection } from '@jupyterlab/services';

import { TrailClient, TrailError } from '../api/client';

/** A client over a server that gives these answers, and the requests it got. */
function client(status: number, body: string, baseUrl = 'http://host/user/ada/') {
  const requests: { url: string; init: RequestInit }[] = [];
  const fetch = async (input: RequestInfo, init?: RequestInit) => {
    const request = input as Request;
    requests.push({ url: request.url, init: init ?? { method: request.method, body: await request.text() } });
    return new Response(body, { status });
  };
  const settings = ServerConnection.makeSettings({ baseUrl, token: 'secret', fetch: fetch as typeof window.fetch });
  return { requests, client: new TrailClient(settings) };
}

describe('TrailClient', () => {
  it('asks below the base URL of the server, with the path quoted', async () => {
    const { requests, client: asked } = client(200, '{}');
    await asked.status('a folder/näm&e.ipynb');
    const { origin, pathname, searchParams } = new URL(requests[0].url);
    expect(origin + pathname).toBe('http://host/user/ada/nbcairn/api/status');
    expect(searchParams.get('path')).toBe('a folder/näm&e.ipynb');
  });

  it('leaves out what is not asked', async () => {
    const { requests, client: asked } = client(200, '{"items": [], "total": 0}');
    await asked.artifacts('a.ipynb', { q: null, kind: 'data', all: undefined, limit: 50 });
    const names = [...new URL(requests[0].url).searchParams.keys()];
    expect(names.filter(name => /^[a-z]+$/.test(name)).sort()).toEqual(['kind', 'limit', 'path']);
  });

  it('hands over the fact and the remedy of a failure', async () => {
    const body = JSON.stringify({
      ok: false,
      status: 500,
      type: 'TrailCorrupt',
      message: 'Damaged.',
      remedy: 'Mend it.'
    });
    const failure = client(500, body).client.status('a.ipynb');
    await expect(failure).rejects.toMatchObject({ status: 500, message: 'Damaged.', remedy: 'Mend it.' });
  });

  it.each([
    ['a server without the routes', 404, '<html>not found</html>', true],
    ['a route that does not find the notebook', 404, '{"message": "No such notebook.", "remedy": "Look."}', false],
    ['a proxy that fails', 502, 'bad gateway', false]
  ])('knows %s', async (_, status, body, missing) => {
    const error: TrailError = await client(status, body)
      .client.status('a.ipynb')
      .then(
        () => Promise.reject(new Error('it must fail')),
        failure => failure
      );
    expect(error).toBeInstanceOf(TrailError);
    expect(error.isMissingServer).toBe(missing);
  });
});

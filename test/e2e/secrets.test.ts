import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { requires } from '../requires.ts';
import { AgentProcess } from './agent-process.ts';

const KEY = 'config/vpp/v2/interfaces/wg1';

/** Answers that do not end. */
const ENDLESS = /events$|watch$|stream$/;

interface Document {
  readonly paths: Readonly<Record<string, { readonly get?: object }>>;
}

/** The last 32 bytes of the DER form are the key. */
function privateKey(): string {
  const { privateKey: key } = generateKeyPairSync('x25519');
  return key.export({ type: 'pkcs8', format: 'der' }).subarray(-32).toString('base64');
}

function tunnel(key: string, port: number): string {
  return `vppConfig:
  interfaces:
    - name: wg1
      type: WIREGUARD_TUNNEL
      enabled: true
      wireguard: { privateKey: "${key}", port: ${port}, srcAddr: 192.0.2.1 }
`;
}

/** Whether the kernel has WireGuard or not, and so whether the tunnel is made or refused. */
test('private keys of WireGuard tunnels are in no answer of the agent, no command and no log', {
  skip: requires({ netns: true }),
}, async () => {
  await using agent = await AgentProcess.open(['--log-level', 'trace']);
  const keys = [privateKey(), privateKey()];
  for (const [index, key] of keys.entries()) {
    agent.ligature('config', 'apply', agent.file('tunnel.yaml', tunnel(key, 51820 + index)));
    const shown = await agent.client.text({ path: '/api/v1/object', query: { key: KEY } });
    assert.ok(shown.includes('<secret>') && shown.includes(String(51820 + index)), shown);
  }
  const texts = new Map<string, string>();
  const document: Document = await agent.client.json({ path: '/api/v1/openapi.json' });
  for (const [path, { get }] of Object.entries(document.paths)) {
    if (!get || path.includes('{') || ENDLESS.test(path)) continue;
    texts.set(path, await answer(agent, path));
  }
  for (const path of [`/api/v1/object?key=${KEY}`, `/api/v1/timeline?key=${KEY}`, '/scheduler/txn-history?format=text'])
    texts.set(path, await answer(agent, path));
  for (const args of [['dump'], ['config', 'get'], ['config', 'history', '-f', 'json'], ['values']]) {
    const { stdout, stderr } = agent.ligature(...args);
    texts.set(`ligature ${args.join(' ')}`, stdout + stderr);
  }
  texts.set('the log', agent.log);
  for (const [where, text] of texts)
    for (const key of keys) assert.ok(!text.includes(key) && !text.includes(escape(key)), `${where}: ${text}`);
  // These do show the tunnel, and so would have shown the key.
  for (const where of ['/api/v1/configuration', '/scheduler/txn-history', `/api/v1/timeline?key=${KEY}`])
    assert.ok(texts.get(where)?.includes('<secret>'), `${where}: ${texts.get(where)}`);
});

async function answer(agent: AgentProcess, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${agent.port}${path}`);
  return response.text();
}

/** As JSON in JSON and URLs would have it. */
function escape(key: string): string {
  return encodeURIComponent(key);
}

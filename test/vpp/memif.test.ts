/** A chain over two VPPs: pod - VPP - memif - VPP - pod. */

// First: a namespace of its own, for both VPPs and the agents.
import '../stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { features } from '../../src/features/index.ts';
import { interfaceKey, linkStateKey } from '../../src/features/interface/model.ts';
import { Interface_Type as Type } from '../../src/model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Change } from '../../src/scheduler/scheduler.ts';
import { createLab } from '../lab/lab.ts';
import { named, reaches, vppInterface } from '../stage/stage.ts';
import { lan, pod } from './pods.ts';
import { startVpp, vppBinary } from './process.ts';
import { VppAgent } from './stage.ts';

const skip = vppBinary() === undefined && 'needs VPP (LIGATURE_VPP_BIN)';

function memif(socketFilename: string, master: boolean): Change {
  const value = { socketFilename, master, id: 7, secret: 'between-us' };
  return vppInterface('wire', { type: Type.MEMIF, link: { case: 'memif', value } });
}

test('pods of two VPPs talk over a memif, also after one VPP was killed', { skip }, async () => {
  await using left = await startVpp();
  await using right = await startVpp();
  const lab = await createLab();
  const [a, b] = [await lab.host('a'), await lab.host('b')];
  const socket = join(left.folder, 'memif.sock');
  const agents = await Promise.all(
    [left, right].map(({ apiSocket }, index) =>
      VppAgent.start(apiSocket, features, { withHost: true, owner: `test${index}` }),
    ),
  );
  const [one, other] = agents as [VppAgent, VppAgent];
  try {
    await one.commit(memif(socket, true), ...pod('a', named(lab.publish(a)), '10.9.0.1/24'), lan('a', 'wire'));
    await other.commit(memif(socket, false), ...pod('b', named(lab.publish(b)), '10.9.0.2/24'), lan('b', 'wire'));
    const isUp = (agent: VppAgent): boolean => agent.state(linkStateKey('wire', 'UP')) === 'OBTAINED';
    await one.until('the memif is connected', () => isUp(one) && isUp(other), 30_000);
    assert.ok(await reaches(a, '10.9.0.2'));
    assert.deepEqual([await one.drift(), await other.drift()], [[], []]);
    const server = await b.echo({ protocol: 'tcp', port: 80 });
    const { connected, error } = await a.tcp({ to: '10.9.0.2', port: 80, payload: 'x'.repeat(50_000) });
    assert.ok(connected, error);
    await server.close();

    await right.restart();
    await other.until('the client is back', () => other.client.isConnected, 30_000);
    await other.heal();
    assert.equal(other.state(interfaceKey('wire')), 'CONFIGURED');
    await one.until('the memif is connected again', () => isUp(one) && isUp(other), 30_000);
    assert.ok(await reaches(a, '10.9.0.2'));
  } finally {
    for (const agent of agents) {
      await agent.scheduler.commit([], { resync: 'FullResync', retry: false });
      await agent.stop();
    }
    await lab.close();
  }
});

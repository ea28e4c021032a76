/** What the kernel engine says of itself. */

import type { Http } from '../../app/index.ts';
import type { KernelEngine } from '../../features/kernel/engine.ts';

export function addKernelRoutes(http: Http, { driver }: KernelEngine): void {
  http.route({
    method: 'GET',
    path: '/api/v1/kernel',
    role: 'read',
    summary: 'what this kernel can do, and what it lacks',
    handler: async () => {
      const { kernel: version, list } = await driver.capabilities();
      return { kernel: version, vswitch: driver.vswitch.label, capabilities: list };
    },
  });
}

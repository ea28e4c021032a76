/** How VPP is doing, for health, metrics and a VPP that hangs. */

import type { HealthState, Logger, Metrics } from '../../app/index.ts';
import type { VppCondition } from '../../features/vpp/resync.ts';
import type { VppClient } from '../../vpp/index.ts';
import type { VppProcess } from './vpp-process.ts';

export interface VppLifeOptions {
  readonly client: VppClient;
  readonly process: VppProcess | undefined;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly report: (state: HealthState, reason?: string) => void;
  /** It has not been there yet: why the agent is still starting. */
  readonly absent?: string | undefined;
}

/** Upper bounds in seconds. */
const buckets = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60];

export class VppLife {
  readonly #options: VppLifeOptions;
  readonly #losses;
  readonly #restarts;
  readonly #kills;
  readonly #healing;
  #condition: VppCondition['condition'] = 'healed';
  /** It has never been as wanted: the agent has not begun, rather than failed. */
  #isStarting = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: VppLifeOptions) {
    this.#options = options;
    const { metrics, client } = options;
    metrics.gaugeFrom({ name: 'ligature_vpp_up', help: '1: VPP answers and is as wanted.' }, () =>
      client.isConnected && this.#condition === 'healed' ? 1 : 0,
    );
    this.#losses = metrics.counter({
      name: 'ligature_vpp_losses_total',
      help: 'How often VPP did not answer any more.',
    });
    this.#restarts = metrics.counter({ name: 'ligature_vpp_restarts_total', help: 'How often another VPP answered.' });
    this.#kills = metrics.counter({
      name: 'ligature_vpp_hangs_total',
      help: 'How often a VPP of the agent was killed because it hung.',
    });
    this.#healing = metrics.histogram({
      name: 'ligature_vpp_heal_seconds',
      help: 'Time from the loss of VPP until it was as wanted again.',
      buckets,
    });
    if (options.absent === undefined) options.report('ok');
    else {
      this.#condition = 'lost';
      this.#isStarting = true;
      options.report('init', options.absent);
    }
  }

  tell(condition: VppCondition): void {
    const { report } = this.#options;
    this.#condition = condition.condition;
    clearTimeout(this.#timer);
    switch (condition.condition) {
      case 'lost':
        this.#losses.inc();
        report('error', `VPP is lost: ${condition.reason}`);
        this.#expectLife();
        return;
      case 'back':
        if (condition.isNew) this.#restarts.inc();
        report(this.#isStarting ? 'init' : 'error', 'VPP is there and is being made as wanted');
        return;
      case 'healed':
        if (!this.#isStarting) this.#healing.observe(condition.after / 1000);
        this.#isStarting = false;
        report('ok');
        return;
      case 'left':
        this.#isStarting = false;
        report('ok');
        return;
      case 'unhealed':
        report('error', `VPP is back and could not be made as wanted: ${condition.reason}`);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** A process that runs and does not answer for too long hangs. */
  #expectLife(): void {
    const { process: own, log, report } = this.#options;
    const pid = own?.pid;
    const hangTimeout = own?.hangTimeout ?? 0;
    if (!own || pid === undefined || hangTimeout === 0) return;
    this.#timer = setTimeout(() => {
      // Another one is about to answer.
      if (own.pid !== pid) return;
      this.#kills.inc();
      log.error(
        { pid },
        `VPP (process ${pid}) runs and has not answered for ${hangTimeout} ms: it is killed and started again`,
      );
      report('error', `VPP (process ${pid}) hung and is started again`);
      own.kill();
    }, hangTimeout);
    this.#timer.unref();
  }
}

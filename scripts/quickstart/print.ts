/** What the quick start prints: lines for people, or one JSON object as the last line. */

import type { Door } from './doors.ts';
import type { CheckResult } from './messages.ts';
import type { NodeDescription } from './nodes.ts';

export interface Printer {
  step(text: string): void;
  check(result: CheckResult): void;
  failed(text: string): void;
  open(doors: readonly Door[], nodes: readonly NodeDescription[], folder: string): void;
  end(ok: boolean, results: readonly CheckResult[]): void;
}

export function printerFor(json: boolean): Printer {
  return json ? jsonPrinter() : linePrinter();
}

function paint(code: number, text: string): string {
  return process.stdout.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function linePrinter(): Printer {
  return {
    step: (text) => console.log(paint(90, text)),
    check: ({ name, ok, detail }) =>
      console.log(`${ok ? paint(32, 'ok    ') : paint(31, 'FAILED')}  ${name}\n        ${paint(90, detail)}`),
    failed: (text) => console.error(paint(31, text)),
    open(doors, nodes, folder) {
      console.log(`\nThe three agents run until Ctrl-C. Open them in a browser (topology, graph, plan, history):`);
      for (const { name, url } of doors) console.log(`  ${name}  ${url}`);
      const state = `--state-dir ${folder}/${nodes[0]?.name ?? ''}`;
      console.log('\nTry next:');
      console.log(`  npx ligature ${state} status`);
      console.log(`  npx ligature ${state} values --parts`);
      console.log(`  npx ligature ${state} explain config/vpp/nat/v2/dnat44/shop`);
      console.log(
        `  npx ligature ${state} config get > my.yaml      # change it, then: config plan my.yaml, config apply my.yaml`,
      );
    },
    end(ok, results) {
      const failed = results.filter((result) => !result.ok).length;
      console.log(
        ok
          ? paint(32, `\nall ${results.length} lines hold`)
          : paint(31, `\n${failed} of ${results.length} lines do not hold`),
      );
    },
  };
}

function jsonPrinter(): Printer {
  return {
    step: (text) => console.error(text),
    check: ({ name, ok, detail }) => console.error(`${ok ? 'ok    ' : 'FAILED'}  ${name}: ${detail}`),
    failed: (text) => console.error(text),
    open(doors) {
      for (const { name, url } of doors) console.error(`${name}  ${url}`);
    },
    end: (ok, results) => console.log(JSON.stringify({ ok, checks: results })),
  };
}

// By file: the index also loads a push gateway and cluster support, 10 MB of memory.
import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';

export interface MetricDeclaration {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** Values with what tells them apart. */
export type Samples = readonly {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Where it is not the name of the metric: `..._bucket`, `..._sum`, `..._count`. */
  readonly metricName?: string;
}[];
/** A value read when somebody looks. With labels: several samples. */
export type Sampled = number | Samples;

export interface MetricSamples {
  readonly name: string;
  readonly help: string;
  /** `counter`, `gauge`, `histogram`, `summary`. */
  readonly type: string;
  readonly samples: readonly {
    /** Where it is not the name of the metric: `..._bucket`, `..._sum`, `..._count`. */
    readonly name?: string;
    readonly labels: Readonly<Record<string, string | number>>;
    readonly value: number;
  }[];
}

/** prom-client's shape. */
interface MetricJson {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly {
    readonly labels: Readonly<Record<string, string | number>>;
    readonly value: number;
    readonly metricName?: string;
  }[];
}

/** The Prometheus metrics of one application, in a registry of its own. */
export class Metrics {
  readonly registry = new Registry();

  counter(declaration: MetricDeclaration): Counter {
    return new Counter({ ...shape(declaration), registers: [this.registry] });
  }

  gauge(declaration: MetricDeclaration): Gauge {
    return new Gauge({ ...shape(declaration), registers: [this.registry] });
  }

  /** `buckets`: upper bounds in the unit of the metric. */
  histogram(declaration: MetricDeclaration & { readonly buckets?: readonly number[] }): Histogram {
    const buckets = declaration.buckets === undefined ? {} : { buckets: [...declaration.buckets] };
    return new Histogram({ ...shape(declaration), ...buckets, registers: [this.registry] });
  }

  /** A gauge read at scrape time; costs nothing in between. */
  gaugeFrom(declaration: MetricDeclaration, read: () => Sampled | Promise<Sampled>): Gauge {
    return new Gauge({
      ...shape(declaration),
      registers: [this.registry],
      async collect() {
        const value = await read();
        this.reset();
        if (typeof value === 'number') this.set(value);
        else for (const sample of value) this.set({ ...sample.labels }, sample.value);
      },
    });
  }

  /**
   * Many samples, read as a whole at scrape time and not kept: `gaugeFrom` for thousands of them, and what is counted elsewhere.
   */
  family(
    { name, help, type = 'gauge' }: MetricDeclaration & { readonly type?: 'gauge' | 'counter' | 'histogram' },
    read: () => Samples | Promise<Samples>,
  ): void {
    const get = async () => ({ name, help, type, values: await read(), aggregator: 'sum' });
    // The registry asks no more of a metric than this.
    this.registry.registerMetric({ name, get } as unknown as Gauge);
  }

  remove(name: string): void {
    this.registry.removeSingleMetric(name);
  }

  /** The Prometheus text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** The same as data: for those who draw them. */
  async samples(): Promise<readonly MetricSamples[]> {
    const metrics = (await this.registry.getMetricsAsJSON()) as unknown as readonly MetricJson[];
    return metrics.map(({ name, help, type, values }) => ({
      name,
      help,
      type,
      samples: values.map(({ labels, value, metricName }) => ({
        ...(metricName === undefined || metricName === name ? {} : { name: metricName }),
        labels,
        value,
      })),
    }));
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}

function shape(declaration: MetricDeclaration): { name: string; help: string; labelNames: string[] } {
  return { name: declaration.name, help: declaration.help, labelNames: [...(declaration.labels ?? [])] };
}

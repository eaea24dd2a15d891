// Counters and gauges in Prometheus' text form. Labels are names of routes, statuses and results: never anything that came from a client.

/** Name → help. Counters end in `_total`. */
const METRICS = {
  sotto_requests_total: "HTTP requests by route and status",
  sotto_cells_total: "Cells by result of their append",
  sotto_one_time_prekeys_total: "Bundles that were asked for with a one-time prekey, by whether it was given",
  sotto_live_bytes_sent_total: "Bytes of cells sent to live readers",
  sotto_live_ended_total: "Live sockets that the relay ended, by reason",
  sotto_live_sockets: "Open live sockets",
  sotto_live_subscriptions: "Subscriptions on them",
} as const;

/** A metric's name. */
export type MetricName = keyof typeof METRICS;

/** The numbers of one relay. */
export class Metrics {
  readonly #values = new Map<MetricName, Map<string, number>>();

  /** Adds to a counter. `labels` must be of a small, fixed set. */
  add(name: MetricName, amount: number, labels: Readonly<Record<string, string>> = {}): void {
    const series = this.#seriesOf(name);
    const key = labelText(labels);
    series.set(key, (series.get(key) ?? 0) + amount);
  }

  /** Sets a gauge. */
  set(name: MetricName, value: number): void {
    this.#seriesOf(name).set("", value);
  }

  /** Text exposition format 0.0.4. */
  text(): string {
    const lines: string[] = [];
    for (const [name, series] of this.#values) {
      lines.push(`# HELP ${name} ${METRICS[name]}`, `# TYPE ${name} ${name.endsWith("_total") ? "counter" : "gauge"}`);
      for (const [labels, value] of series) lines.push(`${name}${labels} ${value}`);
    }
    return `${lines.join("\n")}\n`;
  }

  #seriesOf(name: MetricName): Map<string, number> {
    const series = this.#values.get(name) ?? new Map<string, number>();
    this.#values.set(name, series);
    return series;
  }
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return entries.length === 0 ? "" : `{${entries.join(",")}}`;
}

/** What every process needs to live: configuration, structured log, metrics, shutdown. */
export { makeCertificate } from "./certificate.ts";
export { createLogger, type Fields, type Logger, messageOf, SILENT } from "./log.ts";
export {
  createMetrics,
  formatMetrics,
  type LabelledValue,
  type Metrics,
  type Sample,
  toldApart,
} from "./metrics.ts";
export { type Config, ConfigError, type DeliveryMode, type Listen, readConfig } from "./config.ts";

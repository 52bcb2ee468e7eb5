/** `wrangler dev` as a quiet local server: offline, no telemetry, no prompts, no inspector on a known port. */
import { join } from 'node:path';
import { WRANGLER } from './paths.ts';
import type { ServiceSpec } from './service.ts';

export interface WranglerOptions {
  readonly name: string;
  readonly config: string;
  readonly port: number;
  /** Its state, cache and registry. */
  readonly dataDir: string;
  readonly logFile: string;
  readonly readyPath: string;
  readonly args: readonly string[];
}

export function wranglerService(options: WranglerOptions): ServiceSpec {
  const fixed = [
    '--ip',
    '127.0.0.1',
    '--port',
    String(options.port),
    '--inspector-port',
    '0',
    '--persist-to',
    join(options.dataDir, 'state'),
  ];
  return {
    name: options.name,
    args: [
      WRANGLER,
      'dev',
      '--config',
      options.config,
      ...fixed,
      '--show-interactive-dev-session=false',
      '--live-reload=false',
      ...options.args,
    ],
    environment: {
      CI: '1',
      NO_COLOR: '1',
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_SEND_ERROR_REPORTS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
      WRANGLER_LOG_PATH: join(options.dataDir, 'wrangler-logs'),
      WRANGLER_REGISTRY_PATH: join(options.dataDir, 'registry'),
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      CLOUDFLARE_INCLUDE_PROCESS_ENV: 'false',
      XDG_CONFIG_HOME: join(options.dataDir, 'config'),
    },
    logFile: options.logFile,
    readyUrl: `http://127.0.0.1:${options.port}${options.readyPath}`,
  };
}

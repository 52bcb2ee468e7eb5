/** Starts real party nodes before the tests inside workerd, and tells the gateway under test where they are. */
import type { TestProject } from 'vitest/node';
import { GATEWAY_TOKEN, startNodes } from './party-nodes.ts';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { nodes, close } = await startNodes();
  project.provide('gatewaySettings', {
    NODES: JSON.stringify(nodes.map(({ party, name, region, url }) => ({ party, name, region, url }))),
    ALLOWED_ORIGINS: JSON.stringify(['http://127.0.0.1:4600']),
    GATEWAY_TOKEN,
    NODE_IDENTITIES: JSON.stringify(nodes.map(({ party, identity }) => [party, identity])),
  });
  return close;
}

declare module 'vitest' {
  interface ProvidedContext {
    gatewaySettings: Record<string, string>;
  }
}

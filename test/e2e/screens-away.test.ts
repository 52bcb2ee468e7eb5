/** What the screens say when a part of the world is away, in the real world: no barrier, nothing cut off, nothing reported. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bitcoinRegtest } from '#shared/chains/bitcoin/plugin.ts';
import { joinStory } from './join-story.ts';
import { look } from './look.ts';
import { newSolanaAddress, openScreen, type Screen } from './screen.ts';
import { createWallet, fund, type Story, unlock } from './topology.ts';

let story: Story;
let screen: Screen;

beforeAll(async () => {
  story = await joinStory();
  screen = await openScreen(story);
  await createWallet(screen.page);
  await fund(screen.page, 'SOL', /^5/);
  await fund(screen.page, 'BTC', /^0\.5/);
}, 15 * 60_000);
afterAll(() => story?.close());

describe('when a part is away', () => {
  beforeEach(async () => {
    await screen.heading('Your wallet');
    await screen.page
      .locator('.balance')
      .filter({ hasText: /[0-9] BTC/ })
      .waitFor();
  });

  it('says that the browser is offline', async () => {
    await screen.context.setOffline(true);
    await screen.page.getByText('You are offline').waitFor();
    await look(screen.page, '18-offline');
    await screen.context.setOffline(false);
  });

  it('shows the last known balance of a chain that does not answer', async () => {
    if ('unavailable' in story.world.bitcoin) return;
    const everything = `${story.world.bitcoin.url}/**`;
    await screen.page.route(everything, (route) => route.abort());
    await screen.page.getByText('This is the last known balance').waitFor({ timeout: 30_000 });
    await look(screen.page, '19-chain-silent');
    await screen.page.unroute(everything);
  });

  it('says which chain this release cannot reach', async () => {
    const { chains } = story.world.release;
    const without = chains.map((chain) =>
      chain.id === bitcoinRegtest.id ? { id: chain.id, unavailable: 'btcd could not be had' } : chain,
    );
    await screen.page.route('**/release.json', (route) => route.fulfill({ json: { ...story.world.release, chains: without } }));
    await screen.page.reload();
    await unlock(screen.page);
    await screen.page.getByText('cannot be reached').waitFor();
    await look(screen.page, '20-chain-unavailable');
    await screen.page.unroute('**/release.json');
    await screen.page.reload();
    await unlock(screen.page);
  });

  it('says that no node answered, and that nothing was sent', async () => {
    await screen.toReview(newSolanaAddress(), '0.5');
    for (const node of story.world.nodes) await node.kill();
    await screen.button('Approve').click();
    await screen.alert('did not answer');
    await screen.page.getByText('Nothing was sent').waitFor();
    await look(screen.page, '21-nodes-away');
    for (const node of story.world.nodes) await node.start();
    await screen.button('Back').click();
    await screen.button('Back').click();
  });

  it('says that the service is away', async () => {
    await screen.toReview(newSolanaAddress(), '0.5');
    await story.world.gateway.kill();
    await screen.button('Approve').click();
    await screen.alert('no connection');
    await look(screen.page, '22-gateway-away');
    await story.world.gateway.start();
    await screen.button('Back').click();
    await screen.button('Back').click();
    expect(screen.complaints).toEqual([]);
  });
});

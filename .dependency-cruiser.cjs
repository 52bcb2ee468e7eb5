/** The direction of imports (see README): a change that breaks it fails the check. */
/** A folder's product code: a test may reach further. */
const area = (name) => ({ path: `^${name}/`, pathNot: '[.]test[.]tsx?$' });
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid('no-cycles', 'A cycle hides which part owns what.', {}, { circular: true }),
    forbid('shared-is-alone', 'shared imports only itself and small libraries.', area('shared'), {
      path: '^(wasm|browser|worker-edge|party-nodes|local-world|scripts|test|bench)/',
    }),
    forbid('wasm-knows-shared-only', 'The engine implements ports of shared.', area('wasm'), {
      path: '^(browser|worker-edge|party-nodes|local-world|scripts|test|bench)/',
    }),
    forbid('edge-alone', 'The edge holds no engine and knows no other side.', area('worker-edge'), {
      path: '^(wasm|browser|party-nodes|local-world|scripts|test|bench)/',
    }),
    forbid('nodes-alone', 'Nodes know neither edge nor browser.', area('party-nodes'), {
      path: '^(browser|worker-edge|local-world|scripts|test|bench)/',
    }),
    forbid('browser-alone', 'The browser knows neither edge nor nodes.', area('browser'), {
      path: '^(worker-edge|party-nodes|local-world|scripts|test|bench)/',
    }),
    forbid(
      'only-the-worker-computes',
      'In the browser only the Worker loads the engine.',
      { path: '^browser/', pathNot: '^browser/worker/|[.]test[.]tsx?$' },
      { path: '^wasm/' },
    ),
    forbid(
      'pages-take-only-the-type',
      'A page takes only the type of the Worker; the entry is a URL, not an import.',
      { path: '^browser/(wallet|frame|sdk|consent|words)/', pathNot: '[.]test[.]tsx?$' },
      { path: '^browser/worker/', pathNot: '^browser/worker/main[.]ts$', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'no-tests-in-the-product',
      'Only tests import tests, and what plants the defects of test/rules.',
      { pathNot: '([.]test[.]tsx?$|^test/|^bench/|^scripts/(mutants|rules))' },
      { path: '([.]test[.]tsx?$|^test/)' },
    ),
    forbid(
      'whole-keys-only-in-tests',
      'A library that signs with a whole key serves the product to verify, in the chains alone.',
      { path: '^(shared|wasm|browser|worker-edge|party-nodes)/', pathNot: '^shared/chains/|[.]test[.]tsx?$' },
      { path: 'node_modules/@noble/curves/' },
    ),
    forbid('wallet-and-frame-apart', 'Two pages of their own.', area('browser/wallet'), { path: '^browser/(frame|sdk|connectors)/' }),
    forbid('frame-and-wallet-apart', 'Two pages of their own.', area('browser/frame'), { path: '^browser/(wallet|sdk|connectors)/' }),
    forbid('sdk-alone', 'A dapp loads the sdk: no secrets, no frame, no Worker.', area('browser/(sdk|connectors)'), {
      path: '^browser/(wallet|frame|consent|worker|worker-link)/',
    }),
    forbid('consent-stands-alone', 'What a person approves is shown by any page: it is handed what it shows.', area('browser/consent'), {
      path: '^browser/',
      pathNot: '^browser/(consent/|words/|worker/api[.]ts$)',
    }),
    forbid('words-stand-alone', 'Words are said by any page, and know none.', area('browser/words'), {
      path: '^browser/',
      pathNot: '^browser/(words/|worker/api[.]ts$)',
    }),
    forbid(
      'chains-apart',
      'A chain is a folder; nothing of it is in another.',
      { path: '/chains/(bitcoin|evm|solana)/', pathNot: '[.]test[.]tsx?$' },
      {
        path: '/chains/(bitcoin|evm|solana)/',
        pathNot: '/chains/$1/',
      },
    ),
    forbid('device-end-alone', 'Both ends of a signing session meet in rounds.ts only.', area('shared/session/signing/device'), {
      path: '^shared/session/signing/node/',
    }),
    forbid('node-end-alone', 'Both ends of a signing session meet in rounds.ts only.', area('shared/session/signing/node'), {
      path: '^shared/session/signing/device/',
    }),
    forbid(
      'storage-behind-its-port',
      'Only main.ts chooses a storage; everybody else takes its port.',
      { path: '^party-nodes/', pathNot: '^party-nodes/(main[.]ts|storage/)|[.]test[.]tsx?$' },
      { path: '^party-nodes/storage/', pathNot: '^party-nodes/storage/ports[.]ts$' },
    ),
    forbid(
      'memory-is-for-tests',
      'A storage that forgets is never a node’s.',
      { pathNot: '[.]test[.]tsx?$|^test/' },
      { path: '^party-nodes/storage/memory/' },
    ),
    forbid('storage-below-sessions', 'What keeps things does not know who uses it.', area('party-nodes/(storage|at-rest)'), {
      path: '^party-nodes/(auth|session|rpc)/',
    }),
    forbid('routing-alone', 'Which node is asked next is decided without knowing who asks.', area('worker-edge/routing'), {
      path: '^worker-edge/(wallet-room|routes|middleware|index[.]ts)',
    }),
    forbid('rooms-below-routes', 'A room does not know which route it serves.', area('worker-edge/(wallet-room|upstream)'), {
      path: '^worker-edge/(routes|middleware|index[.]ts)',
    }),
    forbid(
      'digests-come-from-readers',
      'What is signed was read: only a chain’s reader makes a digest into a task, and one builder of tests.',
      { pathNot: '^shared/chains/[a-z]+/read-[a-z]+[.]ts$|^shared/chains/signing-task[.]test[.]ts$|^test/support/made-up-task[.]ts$' },
      { path: '^shared/chains/signing-task[.]ts$' },
    ),
    forbid('no-unlisted-packages', 'What is imported is in package.json.', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
    forbid('no-unresolved', 'Every import resolves.', {}, { couldNotResolve: true, pathNot: '^cloudflare:' }),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/gen/', '/pkg/'] },
    // Anchored: most packages have a folder called dist, and must be seen.
    exclude: { path: ['^browser/dist/', '^[.]wrangler/', '^[.]trefoil/', '^wasm/target/'] },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};

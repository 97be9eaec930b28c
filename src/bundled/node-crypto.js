// Node's crypto module as the bundle has it for bcryptjs: none. The package asks it for random bytes where WebCrypto
// has none, and every import of it is paid for at each start of an isolate. wrangler.toml makes imports of `crypto`
// this file; ours are of `node:crypto`.
export default undefined;

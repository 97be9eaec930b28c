// The iterations of PBKDF2 (RFC 8018 §5.2) for HMAC with SHA-1, SHA-256 and SHA-512: one block of output each.
// AssemblyScript; scripts/wasm.ts compiles it. The caller writes words in native order, so no byte is swapped here.

/** The HMAC key: zero-padded to the block of its hash, and hashed first where it is longer. */
const KEY: usize = 0;
/** The MAC of the first iteration on the way in, the XOR of all of them on the way out. */
const RESULT: usize = 128;
const INNER: usize = 192;
const OUTER: usize = 256;
/** The message schedule, at most 80 words of 64 bits. Its first 16 words are the message block. */
const SCHEDULE: usize = 320;

const IV_1 = memory.data<u32>([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);

const IV_256 = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

const K_256 = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

const IV_512 = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

const K_512 = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
  0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
  0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
  0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
  0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
  0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
  0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
  0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
  0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
  0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
  0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
  0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
  0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
  0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
  0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
  0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
  0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
]);

@inline function choose<T>(x: T, y: T, z: T): T { return z ^ (x & (y ^ z)); }
@inline function majority<T>(x: T, y: T, z: T): T { return (x & y) | (z & (x | y)); }
@inline function parity(x: u32, y: u32, z: u32): u32 { return x ^ y ^ z; }
@inline function upper0_32(x: u32): u32 { return rotr<u32>(x, 2) ^ rotr<u32>(x, 13) ^ rotr<u32>(x, 22); }
@inline function upper1_32(x: u32): u32 { return rotr<u32>(x, 6) ^ rotr<u32>(x, 11) ^ rotr<u32>(x, 25); }
@inline function lower0_32(x: u32): u32 { return rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >>> 3); }
@inline function lower1_32(x: u32): u32 { return rotr<u32>(x, 17) ^ rotr<u32>(x, 19) ^ (x >>> 10); }
@inline function upper0_64(x: u64): u64 { return rotr<u64>(x, 28) ^ rotr<u64>(x, 34) ^ rotr<u64>(x, 39); }
@inline function upper1_64(x: u64): u64 { return rotr<u64>(x, 14) ^ rotr<u64>(x, 18) ^ rotr<u64>(x, 41); }
@inline function lower0_64(x: u64): u64 { return rotr<u64>(x, 1) ^ rotr<u64>(x, 8) ^ (x >>> 7); }
@inline function lower1_64(x: u64): u64 { return rotr<u64>(x, 19) ^ rotr<u64>(x, 61) ^ (x >>> 6); }

// Each function below hashes the message block: from the state at `from`, to the state at `to`. Rounds are written out
// for as many as there are variables, so that none of them is moved.

/** FIPS 180-4 §6.1.2. */
function compress1(from: usize, to: usize): void {
  for (let w: usize = SCHEDULE + 16 * 4; w < SCHEDULE + 80 * 4; w += 4)
    store<u32>(w, rotl<u32>(load<u32>(w - 12) ^ load<u32>(w - 32) ^ load<u32>(w - 56) ^ load<u32>(w - 64), 1));
  let a = load<u32>(from);
  let b = load<u32>(from, 4);
  let c = load<u32>(from, 8);
  let d = load<u32>(from, 12);
  let e = load<u32>(from, 16);
  for (let t: usize = 0 * 4; t < 20 * 4; t += 5 * 4) {
    e += rotl<u32>(a, 5) + choose<u32>(b, c, d) + 0x5a827999 + load<u32>(SCHEDULE + t);
    b = rotl<u32>(b, 30);
    d += rotl<u32>(e, 5) + choose<u32>(a, b, c) + 0x5a827999 + load<u32>(SCHEDULE + t, 4);
    a = rotl<u32>(a, 30);
    c += rotl<u32>(d, 5) + choose<u32>(e, a, b) + 0x5a827999 + load<u32>(SCHEDULE + t, 8);
    e = rotl<u32>(e, 30);
    b += rotl<u32>(c, 5) + choose<u32>(d, e, a) + 0x5a827999 + load<u32>(SCHEDULE + t, 12);
    d = rotl<u32>(d, 30);
    a += rotl<u32>(b, 5) + choose<u32>(c, d, e) + 0x5a827999 + load<u32>(SCHEDULE + t, 16);
    c = rotl<u32>(c, 30);
  }
  for (let t: usize = 20 * 4; t < 40 * 4; t += 5 * 4) {
    e += rotl<u32>(a, 5) + parity(b, c, d) + 0x6ed9eba1 + load<u32>(SCHEDULE + t);
    b = rotl<u32>(b, 30);
    d += rotl<u32>(e, 5) + parity(a, b, c) + 0x6ed9eba1 + load<u32>(SCHEDULE + t, 4);
    a = rotl<u32>(a, 30);
    c += rotl<u32>(d, 5) + parity(e, a, b) + 0x6ed9eba1 + load<u32>(SCHEDULE + t, 8);
    e = rotl<u32>(e, 30);
    b += rotl<u32>(c, 5) + parity(d, e, a) + 0x6ed9eba1 + load<u32>(SCHEDULE + t, 12);
    d = rotl<u32>(d, 30);
    a += rotl<u32>(b, 5) + parity(c, d, e) + 0x6ed9eba1 + load<u32>(SCHEDULE + t, 16);
    c = rotl<u32>(c, 30);
  }
  for (let t: usize = 40 * 4; t < 60 * 4; t += 5 * 4) {
    e += rotl<u32>(a, 5) + majority<u32>(b, c, d) + 0x8f1bbcdc + load<u32>(SCHEDULE + t);
    b = rotl<u32>(b, 30);
    d += rotl<u32>(e, 5) + majority<u32>(a, b, c) + 0x8f1bbcdc + load<u32>(SCHEDULE + t, 4);
    a = rotl<u32>(a, 30);
    c += rotl<u32>(d, 5) + majority<u32>(e, a, b) + 0x8f1bbcdc + load<u32>(SCHEDULE + t, 8);
    e = rotl<u32>(e, 30);
    b += rotl<u32>(c, 5) + majority<u32>(d, e, a) + 0x8f1bbcdc + load<u32>(SCHEDULE + t, 12);
    d = rotl<u32>(d, 30);
    a += rotl<u32>(b, 5) + majority<u32>(c, d, e) + 0x8f1bbcdc + load<u32>(SCHEDULE + t, 16);
    c = rotl<u32>(c, 30);
  }
  for (let t: usize = 60 * 4; t < 80 * 4; t += 5 * 4) {
    e += rotl<u32>(a, 5) + parity(b, c, d) + 0xca62c1d6 + load<u32>(SCHEDULE + t);
    b = rotl<u32>(b, 30);
    d += rotl<u32>(e, 5) + parity(a, b, c) + 0xca62c1d6 + load<u32>(SCHEDULE + t, 4);
    a = rotl<u32>(a, 30);
    c += rotl<u32>(d, 5) + parity(e, a, b) + 0xca62c1d6 + load<u32>(SCHEDULE + t, 8);
    e = rotl<u32>(e, 30);
    b += rotl<u32>(c, 5) + parity(d, e, a) + 0xca62c1d6 + load<u32>(SCHEDULE + t, 12);
    d = rotl<u32>(d, 30);
    a += rotl<u32>(b, 5) + parity(c, d, e) + 0xca62c1d6 + load<u32>(SCHEDULE + t, 16);
    c = rotl<u32>(c, 30);
  }
  store<u32>(to, load<u32>(from) + a);
  store<u32>(to, load<u32>(from, 4) + b, 4);
  store<u32>(to, load<u32>(from, 8) + c, 8);
  store<u32>(to, load<u32>(from, 12) + d, 12);
  store<u32>(to, load<u32>(from, 16) + e, 16);
}

/** FIPS 180-4 §6.2.2. The most used of the three holds its schedule in 16 variables: that saves a sixth of the time. */
function compress256(from: usize, to: usize): void {
  let w0 = load<u32>(SCHEDULE);
  let w1 = load<u32>(SCHEDULE, 4);
  let w2 = load<u32>(SCHEDULE, 8);
  let w3 = load<u32>(SCHEDULE, 12);
  let w4 = load<u32>(SCHEDULE, 16);
  let w5 = load<u32>(SCHEDULE, 20);
  let w6 = load<u32>(SCHEDULE, 24);
  let w7 = load<u32>(SCHEDULE, 28);
  let w8 = load<u32>(SCHEDULE, 32);
  let w9 = load<u32>(SCHEDULE, 36);
  let w10 = load<u32>(SCHEDULE, 40);
  let w11 = load<u32>(SCHEDULE, 44);
  let w12 = load<u32>(SCHEDULE, 48);
  let w13 = load<u32>(SCHEDULE, 52);
  let w14 = load<u32>(SCHEDULE, 56);
  let w15 = load<u32>(SCHEDULE, 60);
  let a = load<u32>(from);
  let b = load<u32>(from, 4);
  let c = load<u32>(from, 8);
  let d = load<u32>(from, 12);
  let e = load<u32>(from, 16);
  let f = load<u32>(from, 20);
  let g = load<u32>(from, 24);
  let h = load<u32>(from, 28);
  h += upper1_32(e) + choose<u32>(e, f, g) + load<u32>(K_256) + w0;
  d += h;
  h += upper0_32(a) + majority<u32>(a, b, c);
  g += upper1_32(d) + choose<u32>(d, e, f) + load<u32>(K_256, 4) + w1;
  c += g;
  g += upper0_32(h) + majority<u32>(h, a, b);
  f += upper1_32(c) + choose<u32>(c, d, e) + load<u32>(K_256, 8) + w2;
  b += f;
  f += upper0_32(g) + majority<u32>(g, h, a);
  e += upper1_32(b) + choose<u32>(b, c, d) + load<u32>(K_256, 12) + w3;
  a += e;
  e += upper0_32(f) + majority<u32>(f, g, h);
  d += upper1_32(a) + choose<u32>(a, b, c) + load<u32>(K_256, 16) + w4;
  h += d;
  d += upper0_32(e) + majority<u32>(e, f, g);
  c += upper1_32(h) + choose<u32>(h, a, b) + load<u32>(K_256, 20) + w5;
  g += c;
  c += upper0_32(d) + majority<u32>(d, e, f);
  b += upper1_32(g) + choose<u32>(g, h, a) + load<u32>(K_256, 24) + w6;
  f += b;
  b += upper0_32(c) + majority<u32>(c, d, e);
  a += upper1_32(f) + choose<u32>(f, g, h) + load<u32>(K_256, 28) + w7;
  e += a;
  a += upper0_32(b) + majority<u32>(b, c, d);
  h += upper1_32(e) + choose<u32>(e, f, g) + load<u32>(K_256, 32) + w8;
  d += h;
  h += upper0_32(a) + majority<u32>(a, b, c);
  g += upper1_32(d) + choose<u32>(d, e, f) + load<u32>(K_256, 36) + w9;
  c += g;
  g += upper0_32(h) + majority<u32>(h, a, b);
  f += upper1_32(c) + choose<u32>(c, d, e) + load<u32>(K_256, 40) + w10;
  b += f;
  f += upper0_32(g) + majority<u32>(g, h, a);
  e += upper1_32(b) + choose<u32>(b, c, d) + load<u32>(K_256, 44) + w11;
  a += e;
  e += upper0_32(f) + majority<u32>(f, g, h);
  d += upper1_32(a) + choose<u32>(a, b, c) + load<u32>(K_256, 48) + w12;
  h += d;
  d += upper0_32(e) + majority<u32>(e, f, g);
  c += upper1_32(h) + choose<u32>(h, a, b) + load<u32>(K_256, 52) + w13;
  g += c;
  c += upper0_32(d) + majority<u32>(d, e, f);
  b += upper1_32(g) + choose<u32>(g, h, a) + load<u32>(K_256, 56) + w14;
  f += b;
  b += upper0_32(c) + majority<u32>(c, d, e);
  a += upper1_32(f) + choose<u32>(f, g, h) + load<u32>(K_256, 60) + w15;
  e += a;
  a += upper0_32(b) + majority<u32>(b, c, d);
  for (let k: usize = K_256 + 16 * 4; k < K_256 + 64 * 4; k += 16 * 4) {
    w0 += lower0_32(w1) + w9 + lower1_32(w14);
    h += upper1_32(e) + choose<u32>(e, f, g) + load<u32>(k) + w0;
    d += h;
    h += upper0_32(a) + majority<u32>(a, b, c);
    w1 += lower0_32(w2) + w10 + lower1_32(w15);
    g += upper1_32(d) + choose<u32>(d, e, f) + load<u32>(k, 4) + w1;
    c += g;
    g += upper0_32(h) + majority<u32>(h, a, b);
    w2 += lower0_32(w3) + w11 + lower1_32(w0);
    f += upper1_32(c) + choose<u32>(c, d, e) + load<u32>(k, 8) + w2;
    b += f;
    f += upper0_32(g) + majority<u32>(g, h, a);
    w3 += lower0_32(w4) + w12 + lower1_32(w1);
    e += upper1_32(b) + choose<u32>(b, c, d) + load<u32>(k, 12) + w3;
    a += e;
    e += upper0_32(f) + majority<u32>(f, g, h);
    w4 += lower0_32(w5) + w13 + lower1_32(w2);
    d += upper1_32(a) + choose<u32>(a, b, c) + load<u32>(k, 16) + w4;
    h += d;
    d += upper0_32(e) + majority<u32>(e, f, g);
    w5 += lower0_32(w6) + w14 + lower1_32(w3);
    c += upper1_32(h) + choose<u32>(h, a, b) + load<u32>(k, 20) + w5;
    g += c;
    c += upper0_32(d) + majority<u32>(d, e, f);
    w6 += lower0_32(w7) + w15 + lower1_32(w4);
    b += upper1_32(g) + choose<u32>(g, h, a) + load<u32>(k, 24) + w6;
    f += b;
    b += upper0_32(c) + majority<u32>(c, d, e);
    w7 += lower0_32(w8) + w0 + lower1_32(w5);
    a += upper1_32(f) + choose<u32>(f, g, h) + load<u32>(k, 28) + w7;
    e += a;
    a += upper0_32(b) + majority<u32>(b, c, d);
    w8 += lower0_32(w9) + w1 + lower1_32(w6);
    h += upper1_32(e) + choose<u32>(e, f, g) + load<u32>(k, 32) + w8;
    d += h;
    h += upper0_32(a) + majority<u32>(a, b, c);
    w9 += lower0_32(w10) + w2 + lower1_32(w7);
    g += upper1_32(d) + choose<u32>(d, e, f) + load<u32>(k, 36) + w9;
    c += g;
    g += upper0_32(h) + majority<u32>(h, a, b);
    w10 += lower0_32(w11) + w3 + lower1_32(w8);
    f += upper1_32(c) + choose<u32>(c, d, e) + load<u32>(k, 40) + w10;
    b += f;
    f += upper0_32(g) + majority<u32>(g, h, a);
    w11 += lower0_32(w12) + w4 + lower1_32(w9);
    e += upper1_32(b) + choose<u32>(b, c, d) + load<u32>(k, 44) + w11;
    a += e;
    e += upper0_32(f) + majority<u32>(f, g, h);
    w12 += lower0_32(w13) + w5 + lower1_32(w10);
    d += upper1_32(a) + choose<u32>(a, b, c) + load<u32>(k, 48) + w12;
    h += d;
    d += upper0_32(e) + majority<u32>(e, f, g);
    w13 += lower0_32(w14) + w6 + lower1_32(w11);
    c += upper1_32(h) + choose<u32>(h, a, b) + load<u32>(k, 52) + w13;
    g += c;
    c += upper0_32(d) + majority<u32>(d, e, f);
    w14 += lower0_32(w15) + w7 + lower1_32(w12);
    b += upper1_32(g) + choose<u32>(g, h, a) + load<u32>(k, 56) + w14;
    f += b;
    b += upper0_32(c) + majority<u32>(c, d, e);
    w15 += lower0_32(w0) + w8 + lower1_32(w13);
    a += upper1_32(f) + choose<u32>(f, g, h) + load<u32>(k, 60) + w15;
    e += a;
    a += upper0_32(b) + majority<u32>(b, c, d);
  }
  store<u32>(to, load<u32>(from) + a);
  store<u32>(to, load<u32>(from, 4) + b, 4);
  store<u32>(to, load<u32>(from, 8) + c, 8);
  store<u32>(to, load<u32>(from, 12) + d, 12);
  store<u32>(to, load<u32>(from, 16) + e, 16);
  store<u32>(to, load<u32>(from, 20) + f, 20);
  store<u32>(to, load<u32>(from, 24) + g, 24);
  store<u32>(to, load<u32>(from, 28) + h, 28);
}

/** FIPS 180-4 §6.4.2. */
function compress512(from: usize, to: usize): void {
  for (let w: usize = SCHEDULE + 16 * 8; w < SCHEDULE + 80 * 8; w += 8)
    store<u64>(
      w,
      load<u64>(w - 128) + lower0_64(load<u64>(w - 120)) + load<u64>(w - 56) + lower1_64(load<u64>(w - 16)),
    );
  let a = load<u64>(from);
  let b = load<u64>(from, 8);
  let c = load<u64>(from, 16);
  let d = load<u64>(from, 24);
  let e = load<u64>(from, 32);
  let f = load<u64>(from, 40);
  let g = load<u64>(from, 48);
  let h = load<u64>(from, 56);
  for (let t: usize = 0; t < 80 * 8; t += 8 * 8) {
    h += upper1_64(e) + choose<u64>(e, f, g) + load<u64>(K_512 + t) + load<u64>(SCHEDULE + t);
    d += h;
    h += upper0_64(a) + majority<u64>(a, b, c);
    g += upper1_64(d) + choose<u64>(d, e, f) + load<u64>(K_512 + t, 8) + load<u64>(SCHEDULE + t, 8);
    c += g;
    g += upper0_64(h) + majority<u64>(h, a, b);
    f += upper1_64(c) + choose<u64>(c, d, e) + load<u64>(K_512 + t, 16) + load<u64>(SCHEDULE + t, 16);
    b += f;
    f += upper0_64(g) + majority<u64>(g, h, a);
    e += upper1_64(b) + choose<u64>(b, c, d) + load<u64>(K_512 + t, 24) + load<u64>(SCHEDULE + t, 24);
    a += e;
    e += upper0_64(f) + majority<u64>(f, g, h);
    d += upper1_64(a) + choose<u64>(a, b, c) + load<u64>(K_512 + t, 32) + load<u64>(SCHEDULE + t, 32);
    h += d;
    d += upper0_64(e) + majority<u64>(e, f, g);
    c += upper1_64(h) + choose<u64>(h, a, b) + load<u64>(K_512 + t, 40) + load<u64>(SCHEDULE + t, 40);
    g += c;
    c += upper0_64(d) + majority<u64>(d, e, f);
    b += upper1_64(g) + choose<u64>(g, h, a) + load<u64>(K_512 + t, 48) + load<u64>(SCHEDULE + t, 48);
    f += b;
    b += upper0_64(c) + majority<u64>(c, d, e);
    a += upper1_64(f) + choose<u64>(f, g, h) + load<u64>(K_512 + t, 56) + load<u64>(SCHEDULE + t, 56);
    e += a;
    a += upper0_64(b) + majority<u64>(b, c, d);
  }
  store<u64>(to, load<u64>(from) + a);
  store<u64>(to, load<u64>(from, 8) + b, 8);
  store<u64>(to, load<u64>(from, 16) + c, 16);
  store<u64>(to, load<u64>(from, 24) + d, 24);
  store<u64>(to, load<u64>(from, 32) + e, 32);
  store<u64>(to, load<u64>(from, 40) + f, 40);
  store<u64>(to, load<u64>(from, 48) + g, 48);
  store<u64>(to, load<u64>(from, 56) + h, 56);
}

/** The hash function with digests of this many bytes. */
@inline function compress(size: usize, from: usize, to: usize): void {
  if (size == 20) compress1(from, to);
  else if (size == 32) compress256(from, to);
  else compress512(from, to);
}

/** Every iteration but the first. A digest has `size` bytes and a block `block`. */
@inline function iterate(iv: usize, block: usize, size: usize, iterations: u32): void {
  for (let i: usize = 0; i < block; i += 8) store<u64>(SCHEDULE + i, load<u64>(KEY + i) ^ 0x3636363636363636);
  compress(size, iv, INNER);
  for (let i: usize = 0; i < block; i += 8) store<u64>(SCHEDULE + i, load<u64>(KEY + i) ^ 0x5c5c5c5c5c5c5c5c);
  compress(size, iv, OUTER);
  // In both hashes of an HMAC a digest follows the key's block, so its padding is written once.
  memory.fill(SCHEDULE, 0, block);
  memory.copy(SCHEDULE, RESULT, size);
  const bits = (block + size) << 3;
  if (block == 64) {
    store<u32>(SCHEDULE + size, 0x80000000);
    store<u32>(SCHEDULE + block - 4, <u32>bits);
  } else {
    store<u64>(SCHEDULE + size, 0x8000000000000000);
    store<u64>(SCHEDULE + block - 8, <u64>bits);
  }
  for (let i: u32 = 1; i < iterations; i += 1) {
    compress(size, INNER, SCHEDULE);
    compress(size, OUTER, SCHEDULE);
    for (let w: usize = 0; w < size; w += 4) store<u32>(RESULT + w, load<u32>(RESULT + w) ^ load<u32>(SCHEDULE + w));
  }
}

export function sha1(iterations: u32): void {
  iterate(IV_1, 64, 20, iterations);
}

export function sha256(iterations: u32): void {
  iterate(IV_256, 64, 32, iterations);
}

export function sha512(iterations: u32): void {
  iterate(IV_512, 128, 64, iterations);
}

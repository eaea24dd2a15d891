// Vectors of identity: BIP-39's and BIP-350's own, signatures and safety numbers made by libsignal-client 0.103.0, and ours, which pin the
// formats of this protocol.

const repeat = (word: string, times: number, last: string): string => `${`${word} `.repeat(times)}${last}`;

/** BIP-39, English, from the reference implementation's test/vectors: entropy and words, for 12 and 24 words. */
export const bip39 = [
  ["00000000000000000000000000000000", repeat("abandon", 11, "about")],
  ["7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f", "legal winner thank year wave sausage worth useful legal winner thank yellow"],
  ["80808080808080808080808080808080", "letter advice cage absurd amount doctor acoustic avoid letter advice cage above"],
  ["ffffffffffffffffffffffffffffffff", repeat("zoo", 11, "wrong")],
  ["9e885d952ad362caeb4efe34a8e91bd2", "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic"],
  ["c0ba5a8e914111210f2bd131f3d5e08d", "scheme spot photo card baby mountain device kick cradle pact join borrow"],
  ["23db8160a31d3e0dca3688ed941adbf3", "cat swing flag economy stadium alone churn speed unique patch report train"],
  ["f30f8c1da665478f49b001d94c5fc452", "vessel ladder alter error federal sibling chat ability sun glass valve picture"],
  ["00".repeat(32), repeat("abandon", 23, "art")],
  [
    "7f".repeat(32),
    "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title",
  ],
  [
    "80".repeat(32),
    "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless",
  ],
  ["ff".repeat(32), repeat("zoo", 23, "vote")],
  [
    "68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c",
    "hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length",
  ],
  [
    "9f6a2878b2520799a44ef18bc7df394e7061a224d2c33cd015b157d746869863",
    "panda eyebrow bullet gorilla call smoke muffin taste mesh discover soft ostrich alcohol speed nation flash devote level hobby quick inner drive ghost inside",
  ],
  [
    "066dca1a2bb7e8a1db2832148ce9933eea0f3ac9548d793112d9a95c9407efad",
    "all hour make first leader extend hole alien behind guard gospel lava path output census museum junior mass reopen famous sing advance salt reform",
  ],
  [
    "f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
    "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold",
  ],
] as const;

/** BIP-350: valid bech32m, and strings that are bech32 (BIP-173) or damaged. */
export const bech32mStrings = {
  valid: [
    "A1LQFN3A",
    "a1lqfn3a",
    "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
    "?1v759aa",
  ],
  invalid: ["a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "a1lqfn3q", "a1LQfn3a"],
};

/** Made by libsignal-client 0.103.0; two of the points have sign 0, two sign 1. */
export const xeddsa = [
  {
    privateKey: "a85ed893b87d24c2bdb71fa3c38604a1f7600cd545070e53d3b38a3e3d580042",
    publicKey: "05d8e15aab0bfa34f12220cc86c4a22b859542ea21319b86835960eda9b41ffc61",
    message: "",
    signature:
      "44449ced1d2ca8dceb1f373cdd366b68573cf0f002906d7798e27b4c7ec88c961f8e38d7e409c30a666daf950b52c625651bf4f75a55efc8c4d3ef37d44c918e",
  },
  {
    privateKey: "e860d5593b99f5f45af37919baa35cab5af4a800d92d1d96191744f2c4347268",
    publicKey: "054e1a82e3ad6344ca4d8066941e49f2830c2766c1f5635cb8655349daf1b1df03",
    message: "message ",
    signature:
      "3c6ffff0ff53602803e4f326987086d2c071d90f624d606d6b9ef4f92a0327948af14a8bbbb1bcc50a46f4735dc94de3a2d0c11a93cc2808e9f939073b07860d",
  },
  {
    privateKey: "d883e1ff2473da52daf81b46b6c962c286826cce6484e76ff0a0a3a05d1e2661",
    publicKey: "05ee02030623b2fa103704524311e8054487abd931b59d90a6aead29aa95d2d605",
    message: "message message ",
    signature:
      "371208c2337a37b07548df57eb7de7a9c5929d5be6a92f25139f17e5cdb30e0d774ca98136c37beff107cbebbe209e85abdfcdb7a23324c9fe289384766a7189",
  },
  {
    privateKey: "501e7f2331cbdb3f3e8fb9520df63f8c7d6425c068175ffa1a88a3dda5918043",
    publicKey: "05ccfba673b071b7005580684a3d3c01e2b4d2847f11548b84a6c2721c593ba277",
    message: "message message message ",
    signature:
      "83725181c62b3d32858b83cd2a36e3696a46371b6ea41c8472661d59b02270b25712af3343143a4adae7836543398e2a9da2f3c8aecbb2b422385360dc37e804",
  },
];

/** Made by libsignal-client 0.103.0: numeric fingerprint version 2, 5,200 iterations, identifiers = u-coordinates. */
export const safetyNumbers = [
  {
    ours: "05d8e15aab0bfa34f12220cc86c4a22b859542ea21319b86835960eda9b41ffc61",
    theirs: "054e1a82e3ad6344ca4d8066941e49f2830c2766c1f5635cb8655349daf1b1df03",
    number: "420318063114339301489887840042597593196121910579467624212820",
  },
  {
    ours: "054e1a82e3ad6344ca4d8066941e49f2830c2766c1f5635cb8655349daf1b1df03",
    theirs: "05ee02030623b2fa103704524311e8054487abd931b59d90a6aead29aa95d2d605",
    number: "080653198032764542327446139174597593196121910579467624212820",
  },
];

/** Ours (spec §2): from entropy to account key, account id and service id. */
export const ourAccount = {
  entropy: "f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
  publicKey: "05be894b2582825e10de268c138d86ac1263a9bf6bc9da1cefa8dfaf90749abd46",
  id: "sotto1h6y5kfvzsf0pph3x3sfcmp4vzf36n0mte8dpemagm7heqay6h4rq4gvnrp",
  serviceId: "fd3856b8-2572-50cf-387c-8545fed4fc6a",
};

/** Ours (spec §2): version 7 of that account's device list, with devices 1 and 9. */
export const ourDeviceList = {
  bytes:
    "0100000000000000070000018bcfe5680005be894b2582825e10de268c138d86ac1263a9bf6bc9da1cefa8dfaf90749abd467777777777777777777777777777777777777777777777777777777777777777020105eafcb2996176177f316d9fe0e11db3b90d3bd8ee61709f575d5918aeabcfd60a00000174876e80002211d5af3b4d98809405e774e70207eb3977ecdb820ff6a58d70289e31745c85d88dd0c55eee2cd6e30ac65b30e9f384d5817999608f51250faca49b3eee418109056c3ceb7ed8e4464e4f22c75484a9c96aad26ab13f57316a66245726037979872000001802ba9f40047a6761421467ea86b94c511db944c5dcc232a9e6657d7965fca136abf60fedb032fcdd8c4c639aaeabe7f2574d187b4ec9c175ca9ac31009b26d96b99cf380d72e6fbdc27c0759545a9264be19bf225006d688f59d8ff01ed662f137cc917bd5601991d25d1b1161c96caae91d35c321d7cb54aff840874d88af2479e95d204",
  hash: "603dd7cac20776618a7760d457438b965d8f92c6d29103d5bc51c0ccf7fa0313",
};

// The release that this is, as `/v1/info` tells it.

/** Version of the package. */
export const BUILD = "sotto-relay 0.1.0";

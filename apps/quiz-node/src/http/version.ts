/** Version of the release, as documents of the interface name it; a test holds it equal to package.json. */
export const version = '0.1.0';

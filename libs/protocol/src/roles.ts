export const roles = ['player', 'host', 'presenter', 'spectator'] as const;
export type Role = (typeof roles)[number];

/** One bit a role, so that the audience of a broadcast is a mask. */
export const audienceBit = { player: 1, host: 2, presenter: 4, spectator: 8 } as const satisfies Readonly<Record<Role, number>>;
export const everybody = 15;

/** The role whose bit this is, or undefined. */
export function roleOfBit(bit: number): Role | undefined {
  return roles.find((role) => audienceBit[role] === bit);
}

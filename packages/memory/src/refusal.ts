/** What is said when a turn is for another user's session. */
export const refusal = 'The session belongs to another user';

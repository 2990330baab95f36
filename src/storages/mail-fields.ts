/** The fields of a mail. Apart from what sends it, which needs a package that not everybody has. */
export const mailFields = {
  Host: 'string',
  Port: 'int32',
  Username: 'string',
  Password: 'string',
  From: 'string',
  To: 'string[]',
  CC: 'string[]',
  BCC: 'string[]',
  Subject: 'string',
  Body: 'string',
} as const

export const main = ({ name }) => ({ greetings: `Hello, ${name}` })

/** Where the money moves. A verification has stand-ins for the actors that call this, and never comes here. */
export const gateway = {
  charge: async (cents: number): Promise<string> => (await post('charges', { cents })).receipt,

  refund: async (receipt: string | null): Promise<void> => {
    await post('refunds', { receipt });
  },
};

async function post(path: string, body: object): Promise<{ receipt: string }> {
  const response = await fetch(`https://gateway.example/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`The gateway answers ${response.status}.`);
  return response.json();
}

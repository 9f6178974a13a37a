import type { Page } from "playwright-core";

/** Runs an expression in the world of the extension's content script on this page, and gives back what it resolves to as text. */
export const contentWorld = async (
  page: Page,
  extensionId: string,
): Promise<(expression: string) => Promise<string>> => {
  const session = await page.context().newCDPSession(page);
  const found = new Promise<number>((resolve, reject) => {
    session.on("Runtime.executionContextCreated", ({ context }) => {
      if (context.origin === `chrome-extension://${extensionId}`) resolve(context.id);
    });
    setTimeout(() => reject(new Error("The page has no world of the extension.")), 5_000);
  });
  await session.send("Runtime.enable");
  const contextId = await found;
  return async (expression) => {
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
      expression,
      contextId,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return String(result.value);
  };
};

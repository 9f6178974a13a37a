import { findAskedPage } from "./asked-page.ts";

export interface MenuActs {
  readonly openPanel: (tabId: number) => Promise<void>;
  readonly openSetup: () => Promise<void>;
}

const selectionItem = "ask-about-selection";
const linkItem = "ask-about-link";

/** Opens the button's box on the page of a tab. A page without our button has nobody who hears. */
const openAsk = async (tabId: number): Promise<boolean> =>
  chrome.tabs.sendMessage(tabId, "open-ask").then(
    () => true,
    () => false,
  );

/** "Ask OpenHands about this" on selected text, and on links to a ticket, issue or pull request (board cards, rows of lists). */
export const hearContextMenu = ({ openSetup }: MenuActs): void => {
  chrome.runtime.onInstalled.addListener(() => {
    chrome.contextMenus.removeAll(() => {
      chrome.contextMenus.create({
        id: selectionItem,
        title: "Ask OpenHands about this",
        contexts: ["selection"],
      });
      chrome.contextMenus.create({
        id: linkItem,
        title: "Ask OpenHands about this link",
        contexts: ["link"],
      });
    });
  });

  chrome.contextMenus.onClicked.addListener(async ({ menuItemId, linkUrl }, tab) => {
    if (menuItemId === selectionItem) {
      if (tab?.id === undefined || !(await openAsk(tab.id))) await openSetup();
      return;
    }
    const asked = linkUrl === undefined ? undefined : await findAskedPage(linkUrl);
    if (asked === undefined) return openSetup();
    await chrome.tabs.create({ url: `${asked.page.url}#ask-openhands` });
  });

  chrome.commands?.onCommand.addListener(async (command, tab) => {
    if (command === "open-ask" && tab?.id !== undefined && !(await openAsk(tab.id))) await openSetup();
  });
};

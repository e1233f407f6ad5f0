lab raft
一二三 🦀🦀

# Puts Debian's DejaVuSansCondensed.ttf into a target, as the symbols _binary_DejaVu…_start and _end.
function(alike_font target)
  find_file(ALIKE_FONT DejaVuSansCondensed.ttf PATHS /usr/share/fonts/truetype/dejavu REQUIRED)
  get_filename_component(folder ${ALIKE_FONT} DIRECTORY)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/font.o)
  add_custom_command(OUTPUT ${object}
    COMMAND ${CMAKE_LINKER} -r -b binary -z noexecstack -o ${object} DejaVuSansCondensed.ttf
    WORKING_DIRECTORY ${folder} DEPENDS ${ALIKE_FONT} VERBATIM)
  target_sources(${target} PRIVATE ${object})
endfunction()
